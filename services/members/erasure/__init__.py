"""How an account ends: she asks for it or has been asleep for long, days to think better of it, and that every service is done."""
