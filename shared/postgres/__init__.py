"""PostgreSQL: pools and transactions, migrations, the schema, notifications."""
