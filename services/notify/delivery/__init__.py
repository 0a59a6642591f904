"""How a letter leaves: one SMTP transaction a recipient, and a last look just before DATA."""
