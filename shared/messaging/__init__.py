"""How events travel: outbox, relay, streams, consumers, inbox, dead letters."""
