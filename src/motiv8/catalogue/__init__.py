"""What there is to choose and what may be said, an entry each: everything else derives from here."""
