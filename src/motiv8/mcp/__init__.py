"""motiv8 as a server of the Model Context Protocol: what a person's own assistant does for them, with their token."""
