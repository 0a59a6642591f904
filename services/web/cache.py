"""A bounded cache whose entries end by themselves."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ExpiringCache(Generic[Key, Value]):
    """At most `size` values, the least recently used leaving first; each valid until its own end."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Key, tuple[datetime, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, at: datetime) -> Value | None:
        """The value, or None where there is none that is still valid."""
        found = self._entries.get(key)
        if found is None:
            return None
        if found[0] <= at:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return found[1]

    def put(self, key: Key, value: Value, until: datetime) -> None:
        """Keep the value until its end, or until newer ones need its place."""
        self._entries[key] = (until, value)
        self._entries.move_to_end(key)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forget one value."""
        self._entries.pop(key, None)
