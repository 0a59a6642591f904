"""How long a night takes and how much memory, in a large community: `python -m benchmarks.night`."""
