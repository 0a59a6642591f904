"""One folder a letter: the code that decides whom it goes to and what it says, beside its templates."""
