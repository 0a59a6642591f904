"""Asks by need: a member says whom she looks for, without a name, and one of her connections may answer with a proposal."""
