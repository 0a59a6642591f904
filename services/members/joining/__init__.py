"""Asking to join, where the community lets whoever asks in by a moderator's yes."""
