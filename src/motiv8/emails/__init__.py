"""Every mail that goes out: its words and its looks."""
