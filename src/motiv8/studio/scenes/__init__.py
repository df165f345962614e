"""One file a mode: `paint` draws the place behind the person, at half size."""
