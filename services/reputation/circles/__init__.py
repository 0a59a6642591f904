"""For moderators: groups of which nobody but themselves has said anything good."""
