"""Blocks, what moderators decide, and what is reported to them."""
