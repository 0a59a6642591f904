"""Blocks, what moderators decide, what is reported to them, and leaving for good."""
