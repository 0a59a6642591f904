"""By which path of invitations each member came in, and since when she is here."""
