"""What a process needs before it can work, as `/readyz` asks for it."""

from collections.abc import Awaitable, Callable

Check = Callable[[], Awaitable[None]]
"""Returns if all is well; raises NotReady with a reason, or anything else, if it isn't."""


class NotReady(Exception):
    """Something the process needs isn't there yet; the text is shown, so it names no secret."""
