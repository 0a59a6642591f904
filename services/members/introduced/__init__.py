"""Who was introduced to whom, and so has each other's address."""
