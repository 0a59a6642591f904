"""Who gets what of whom: every endpoint and every page, asked by everyone it could be asked by."""
