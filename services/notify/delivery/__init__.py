"""How a letter leaves: one state machine, one SMTP transaction a recipient, and a last look before DATA."""
