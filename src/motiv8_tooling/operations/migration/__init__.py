"""Bringing people over from the system before this one: `motiv8 import`."""
