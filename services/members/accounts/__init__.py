"""Who has an account, and under which address."""
