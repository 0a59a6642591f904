"""What the services promise each other: events, and routes with their bodies, answers and problems."""
