"""What those are told who lately dealt with a member who was removed: that she is no longer here."""
