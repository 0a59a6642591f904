"""The templates of pages and letters: what members are called is isolated wherever a template names it."""

from typing import Any

import jinja2

from shared.names import isolate

_NAMES = frozenset({"name", "headline", "organisation", "place"})


class Environment(jinja2.Environment):
    """Jinja, with members' names and the lines of their profiles in isolates. What it renders as HTML goes through `names.with_bdi`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The attribute; a name isolated."""
        value = super().getattr(obj, attribute)
        return isolate(value) if attribute in _NAMES and isinstance(value, str) else value
