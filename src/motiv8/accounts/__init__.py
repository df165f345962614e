"""People: sign-up and sign-in, profile and preferences, schedule, mail preference, deletion."""
