"""Contests: a member speaks against a line of her ledger, and a moderator leaves out of it what ought not to count."""
