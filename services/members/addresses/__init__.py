"""How a member's addresses change, and how long a change can be undone."""
