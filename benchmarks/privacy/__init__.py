"""Whether the time of an answer tells what its words don't: `make bench-privacy`."""
