"""What pages cost in a large community: a synthetic one, the reads that every page makes, and their plans."""
