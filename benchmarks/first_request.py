"""One fresh process: import a handler, answer one authenticated list, print the CPU seconds that it took."""

import importlib
import json
import sys
import time

from benchmarks.event import Context, event

if __name__ == "__main__":
    module, token = sys.argv[1:3]
    begun = time.process_time()
    answer = importlib.import_module(module).handler(event("GET", "/v1/portraits", token), Context())
    spent = time.process_time() - begun
    if answer["statusCode"] != 200 or json.loads(answer["body"]) != {"portraits": [], "next_cursor": None}:
        raise SystemExit(f"{module} answered {answer}")
    print(spent)
