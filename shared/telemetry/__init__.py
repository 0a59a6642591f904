"""What operators see of a process: its logs, with their correlation and trace, and nothing private in them."""
