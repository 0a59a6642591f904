"""Finding a member by what others may read of her, if she allows it."""
