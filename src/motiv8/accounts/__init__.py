"""People: sign-up and sign-in, profile and preferences, the delivery clock, mail preference, deletion."""
