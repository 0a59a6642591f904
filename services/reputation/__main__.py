"""`python -m services.reputation api | worker | migrate`, and for operators `rebuild [--check]`."""

import sys

from shared.process import start

if sys.argv[1:2] == ["rebuild"]:
    from services.reputation import rebuild

    raise SystemExit(rebuild.main(sys.argv[2:]))
start.run("reputation", api="services.reputation.app", worker="services.reputation.worker")
