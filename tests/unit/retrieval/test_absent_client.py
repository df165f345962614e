"""What is imported for a search, and what is not."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from motiv8.retrieval import repository
import lance_namespace_urllib3_client.models.tag
client = [name for name in sys.modules if name.startswith("lance_namespace_urllib3_client.models.")]
print(all(getattr(sys.modules[name], "__file__", None) is None for name in client), len(client))
print(*({"pandas", "torch", "transformers", "openai", "boto3"} & sys.modules.keys()))
"""


def test_a_search_imports_no_client_of_catalogue_servers_and_nothing_that_is_not_there() -> None:
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    absent, others = done.stdout.splitlines()
    assert (absent.split()[0], others) == ("True", "")
    assert int(absent.split()[1]) < 20
