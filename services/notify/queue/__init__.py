"""The letters that wait to leave, and what became of those that did."""
