"""What somebody who needn't be a member tells moderators: she gets a receipt at once, and an answer with reasons."""
