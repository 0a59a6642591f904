"""Suggestions: whom she might know, whom she could introduce, and who could introduce her."""
