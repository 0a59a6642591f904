"""Whom it may reach: what each member allows others to ask of her."""
