"""What the steward says of the community, and to what its members agreed."""
