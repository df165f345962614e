"""Servers of tools elsewhere that the coach may use: which there are, and how they are asked."""
