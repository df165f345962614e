"""What makes pictures: one file an engine, each with the same two calls (`engine.Engine`).

A fourth engine is one more file with an `engine()` in it, and its entry in `catalogue.engines`.
"""
