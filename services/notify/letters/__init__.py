"""One folder a letter: what it answers, whom it goes to and what it says, beside its templates."""
