"""The life of a process: its settings, its start, a worker, and the operator's command line."""
