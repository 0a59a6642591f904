"""Invitations, and where each member came in."""
