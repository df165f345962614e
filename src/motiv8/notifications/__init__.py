"""Web push: a word on a person's devices when today's picture is there."""
