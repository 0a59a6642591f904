"""Where the tests' PostgreSQL and NATS come from: wheels (embedded) or containers. TEST_BACKEND chooses."""

import os

from tests.backends.base import Backend


def chosen() -> Backend:
    """The backend that TEST_BACKEND names (default: embedded)."""
    name = os.environ.get("TEST_BACKEND") or "embedded"
    if name == "embedded":
        from tests.backends.embedded import Embedded  # noqa: PLC0415 — a backend that isn't chosen needn't be installed

        return Embedded()
    if name == "containers":
        from tests.backends.containers import Containers  # noqa: PLC0415 — as above

        return Containers()
    raise SystemExit(f"TEST_BACKEND must be embedded or containers, not {name!r}")
