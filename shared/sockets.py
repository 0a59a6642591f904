"""How a connection learns that nobody is at its other end any more if nothing ever says so: a machine or the network between is gone."""

import asyncio
import socket

ASKED_AFTER_SECONDS = 5
"""Of silence; then every so often."""
UNANSWERED = 2
SILENT_SECONDS = 15
"""After so long without an answer, to a question of the kernel's or to what was sent, the connection is over."""


def notice_silence(transport: asyncio.BaseTransport) -> None:
    """Let the kernel end this connection if its other end falls silent. As far as the operating system can."""
    connection = transport.get_extra_info("socket")
    if connection is None or connection.family == getattr(socket, "AF_UNIX", None):
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", ASKED_AFTER_SECONDS),
        ("TCP_KEEPINTVL", ASKED_AFTER_SECONDS),
        ("TCP_KEEPCNT", UNANSWERED),
        ("TCP_USER_TIMEOUT", SILENT_SECONDS * 1000),
    ):
        if option := getattr(socket, name, None):
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
