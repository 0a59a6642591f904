"""A woman who did everything that there is to do: what she takes with her, and what is left of her."""
