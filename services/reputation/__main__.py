"""`python -m services.reputation api | worker | migrate`, and for operators `standing` and `rebuild [--replace]`."""

import sys

from shared.process import start

if sys.argv[1:2] in (["standing"], ["rebuild"]):
    from services.reputation.standing import operator

    raise SystemExit(operator.main(sys.argv[1:]))
start.run("reputation", api="services.reputation.app", worker="services.reputation.worker")
