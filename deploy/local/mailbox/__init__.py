"""A mail server for one's own machine that delivers nothing, and a page that shows what it took."""
