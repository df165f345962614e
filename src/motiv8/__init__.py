"""A selfie becomes a daily motivational picture of the person in it."""

__version__ = "0.1.0"
