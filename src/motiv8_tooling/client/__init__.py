"""Clients of the REST API: what the demo, the smoke test and the tests act as."""
