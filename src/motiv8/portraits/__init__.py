"""Pictures: asking for one, following it, listing and deleting; the vocabulary of modes and tones."""
