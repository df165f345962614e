"""The whole service on a laptop: the real template on an embedded AWS, a front with clean addresses, hot reload."""
