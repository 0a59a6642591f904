"""What moderators do with what they are told, and what the member concerned hears of it and can say against it."""
