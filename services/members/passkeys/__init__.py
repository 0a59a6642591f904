"""Passkeys: what opens an account in place of a code, and makes a moderator's session one."""
