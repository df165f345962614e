"""The API as one would write it with other frameworks: the same routes, models, token check, clients, reads and writes.

What each has in common is in `rules`; `make bench` runs them in an environment of their own, `.tools/api-peer`.
"""

BASE = "FastAPI + Mangum"
"""What the others are compared with."""
HANDLERS = {
    BASE: "benchmarks.api_peers.fastapi_app",
    "Litestar + Mangum": "benchmarks.api_peers.litestar_app",
    "Chalice": "benchmarks.api_peers.chalice_app",
    "Powertools, one file": "benchmarks.api_peers.powertools_app",
    "motiv8": "motiv8.entrypoints.api",
}
"""Modules that have a `handler`, by what they are made with."""
