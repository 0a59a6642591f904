"""`python -m services.reputation api | worker | migrate`, and for operators `rebuild [--check]`."""

import sys

from shared import roles

if sys.argv[1:2] == ["rebuild"]:
    from services.reputation import rebuild

    raise SystemExit(rebuild.main(sys.argv[2:]))
roles.run("reputation", api="services.reputation.app", worker="services.reputation.worker")
