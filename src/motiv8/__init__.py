"""A selfie becomes a daily motivational picture of the person in it."""
