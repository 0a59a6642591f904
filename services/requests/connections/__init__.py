"""Connection requests and connections."""
