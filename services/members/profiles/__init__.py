"""What a member says of herself."""
