"""Introductions: from the ask or the proposal to the vouch, both sides' yes, and the outcomes."""
