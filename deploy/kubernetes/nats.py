"""components/nats/users.conf: the broker's users and their rights, each password a variable that the pod gets from a Secret."""

import re

from shared.messaging import topology

_HEAD = "# Written by `make documents` from shared/messaging/topology.py; a test fails if it is out of date.\n"


def render() -> str:
    """The whole file."""
    rendered = topology.render_server_config({user: f"${user.upper()}" for user in topology.users()})
    # A variable is one only without quotes.
    return _HEAD + re.sub(r'password: "(\$[A-Z]+)"', r"password: \1", rendered)
