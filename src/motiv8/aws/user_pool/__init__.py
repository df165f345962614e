"""The one place that talks to Cognito's user pool, by job; no answer tells who has an account."""
