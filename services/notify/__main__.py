"""`python -m services.notify worker | migrate | letters`."""

import sys

from shared.roles import run

if sys.argv[1:2] == ["letters"]:
    from services.notify import parked

    raise SystemExit(parked.main(sys.argv[2:]))

run("notify", worker="services.notify.worker")
