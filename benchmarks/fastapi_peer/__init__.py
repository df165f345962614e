"""The same API as people usually write it: FastAPI + Mangum, clients made at import."""
