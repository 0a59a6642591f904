"""Live scores, derived from the ledger: all that was said counts at once, for operators alone."""
