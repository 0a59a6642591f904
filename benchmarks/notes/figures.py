"""The corpus in its two halves, and what a rule makes of it."""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.requests.connections.domain.notes import judge

HALVES = ("tuning", "held_out")
TRIES = 5


@dataclass(frozen=True, slots=True)
class Note:
    """A labelled note; `kind` says in which way it is genuine or generic."""

    language: Literal["en", "es"]
    where_we_met: str
    why_now: str
    genuine: bool
    kind: str


Rule = Callable[[Note], str]
"""`fine`, `nudge` or `refuse`."""


def corpus(half: str) -> list[Note]:
    """All notes of a half."""
    lines = (Path(__file__).parent / f"{half}.jsonl").read_text("utf-8").splitlines()
    return [Note(**json.loads(line)) for line in lines]


def gate(note: Note) -> str:
    """What the gate says."""
    return judge(note.where_we_met, note.why_now, note.language).kind


def naive(note: Note) -> str:
    """A note says something if a digit or a name is in it: a capital letter that begins no sentence."""
    text = f"{note.where_we_met}. {note.why_now}"
    inside = re.sub(r"(^|[.!?:¿¡\n])[\s\"'¿¡(]*\w+|\bI\b", r"\1", text)
    return "fine" if re.search(r"\d|\b[A-ZÁÉÍÓÚÑÜ]", inside) else "nudge"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule made of some notes."""

    genuine: int
    refused: int
    nudged: int
    generic: int
    caught: int

    @property
    def share_nudged(self) -> float:
        return self.nudged / self.genuine

    @property
    def share_caught(self) -> float:
        return self.caught / self.generic


def figures(notes: Iterable[Note], rule: Rule) -> Figures:
    """Genuine notes refused or nudged, and generic ones that were either."""
    said = [(note.genuine, rule(note)) for note in notes]
    genuine = [kind for real, kind in said if real]
    generic = [kind for real, kind in said if not real]
    return Figures(len(genuine), genuine.count("refuse"), genuine.count("nudge"), len(generic), len(generic) - generic.count("fine"))


def times(notes: Iterable[Note]) -> list[float]:
    """Seconds for each note, shortest first: the best of a few tries, for the machine has other things to do."""
    return sorted(min(_timed(note) for _ in range(TRIES)) for note in notes)


def _timed(note: Note) -> float:
    began = time.perf_counter()
    gate(note)
    return time.perf_counter() - began
