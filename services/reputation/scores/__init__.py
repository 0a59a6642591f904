"""Scores and bands, derived from the ledger."""
