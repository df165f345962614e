"""`make bench-scale`: a day's worst hour, simulated event by event with AWS's quotas and the times measured here."""
