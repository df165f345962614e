"""The library: documents that importers bring in, and what everybody finds in them."""
