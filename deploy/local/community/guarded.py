"""Whom one of them tells moderators about, and blocks with it, at the end of the story."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Guarded:
    """What she tells of whom."""

    by: str
    of: str
    says: Mapping[str, Any]


GUARDED = (
    Guarded(
        "marta",
        "catalina",
        {
            "kind": "spam",
            "what_happened": "En una feria me pidió el correo para mandarme una foto, y desde entonces me llega su catálogo cada "
            "mañana. Ya le pedí dos veces que parara.",
            "attached": [{"what": "profile", "text": "Catalina Rueda · Lleva talleres pequeños de los Andes a las ferias de Europa"}],
            "block": True,
        },
    ),
)
