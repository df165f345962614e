"""Documents: bytes become pages of text in reading order, and pages become passages."""
