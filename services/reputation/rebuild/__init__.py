"""Every score anew from the ledger, beside those in use: to prove them, or to take their place."""
