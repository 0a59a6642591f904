"""The ledger: which introductions a member vouched for, and what the sides said about each."""
