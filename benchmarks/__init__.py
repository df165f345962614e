"""Measurements against peers; each prints a table. Ratios in one run on one machine, CPU time and not wall time."""
