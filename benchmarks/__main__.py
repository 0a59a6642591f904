"""`python -m benchmarks`: see introductions.py."""

import signal

from benchmarks.introductions import main

# Being asked to stop ends the servers too.
signal.signal(signal.SIGTERM, signal.default_int_handler)
raise SystemExit(main())
