"""One machine: PostgreSQL, NATS, Caddy and every process in containers, by Docker Compose."""
