"""What a member says about herself."""
