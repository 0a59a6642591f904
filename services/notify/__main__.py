"""`python -m services.notify worker | migrate | letters`."""

import sys

if sys.argv[1:2] == ["letters"]:
    from services.notify import parked

    raise SystemExit(parked.main(sys.argv[2:]))

from shared.process.start import run

run("notify", worker="services.notify.worker")
