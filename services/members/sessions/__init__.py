"""Signing in with a code by email, sessions, and the member tokens they give."""
