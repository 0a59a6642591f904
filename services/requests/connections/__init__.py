"""Connection requests."""
