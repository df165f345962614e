"""HTTP in and out: events, routing, the auth guard, problem+json, OpenAPI."""
