"""What members see of trust: a snapshot a month, from which nobody can tell who said what."""
