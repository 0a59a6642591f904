"""How well the note gate tells notes apart, beside a naive rule: `make bench-notes`."""
