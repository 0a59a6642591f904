"""Her people: the members she is connected to, and what she keeps of each."""
