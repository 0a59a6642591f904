"""A mail server for this machine that delivers nothing, and a page that shows what it took."""
