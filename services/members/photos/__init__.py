"""A member's photo, as long as she wants it shown."""
