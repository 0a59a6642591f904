"""The note gate: does a connection request say anything to the woman who will read it? Pure.

A note is judged by what is left of it. Take away every word that could stand in a note to anyone (`../note_words/generic.*.txt`), and what
remains is what it is about: the kiln, the night bus, the union form. A few such words are a note, however clumsy; no polish makes up for
them. Capitals and digits say little, for a curriculum is full of them. A refusal needs more: most of it in stock phrases, compared by
RapidFuzz. Both languages are read, whatever the language of her pages, for members write in either.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from rapidfuzz import fuzz, process

LANGUAGES = ("en", "es")
Earlier = Sequence[str | tuple[str, str]]
"""Her own notes of the last 90 days: where they met and why now, or the words of why now alone."""

COPY = 95
"""From this likeness on, of 100, a note is a copy."""
STOCK = 75
"""From this likeness on a clause is a stock phrase."""
MOSTLY = 0.5
"""A note is mostly stock phrases if this share of its words is in them."""

ENOUGH = 2.0
"""What a note must weigh to say something: as much as two specific words."""
PER_WORD = 0.03
"""What each of its words adds to that: the longer a note, the more of its words no list has foreseen."""
SOUNDS_SPECIFIC = 0.5
"""The weight of a word that ends as abstract words do; of any other it is 1."""
OF_HER, NEAR = 0.5, 5
"""What a specific word weighs more among the few that follow *you* or *your*, and how many those are."""
NAME, NAMES = 0.25, 2
"""The weight of a name or a number, and how many of them count."""
SOLD = 2.5
"""What each phrase of a seller takes away."""

_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[^\w\s'’]+|\n|\b(?:and|but|so|because|since|as|if|over|with|y|e|pero|asi que|porque|ya que|como|si|para)\b")
_GREETING = re.compile(r"^\W*(?:hi|hello|hey|dear|hola|buenas|querida|estimada)\W+\w+\W+")
_HER = re.compile(r"you|your|yours|u|ur|us|both|together|tus?|te|ti|contigo|usted|sus?|le|nos|juntas|\w{2,}[ai]stes?|\w{3,}[ai]mos")
_ABSTRACT = re.compile(r".{3,}(?:tion|ment|ness|ity|ship|ance|ence|ful|ous|ive|ing|al|cion|miento|dad|ncia|ismo|os[oa]|iv[oa]|[ai]ble)s?")
_ADVERB = re.compile(r".{4,}(?:ly|mente)")
_NOT_A_WORD = re.compile(r"..?|.*(.)\1\1.*|[bcdfghjklmnpqrstvwxz]{4,}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fine`; `nudge`, which she sees once before it is hers to send; `refuse`. `copies`: how many of her own notes it copies."""

    kind: Literal["fine", "nudge", "refuse"]
    reason: Literal["copied", "stock_phrases", "remarks_on_looks", "nothing_specific"] | None = None
    copies: int = 0


def judge(where_we_met: str, why_now: str, language: str, earlier: Earlier = ()) -> Verdict:
    """What the gate says of a note by a member whose pages are in `language`, which decides only where the words don't."""
    if copies := sum(_copies(where_we_met, why_now, note) for note in earlier):
        return Verdict("refuse", "copied", copies)
    says_something = _weight(where_we_met, why_now, language) >= 0
    if not says_something and _share_of_stock(why_now) >= MOSTLY:
        return Verdict("refuse", "stock_phrases")
    if _phrases("advances").search(_plain(f"{where_we_met}.\n{why_now}")):
        return Verdict("nudge", "remarks_on_looks")
    return Verdict("fine") if says_something else Verdict("nudge", "nothing_specific")


def _copies(where: str, why: str, note: str | tuple[str, str]) -> bool:
    if isinstance(note, str):
        return fuzz.ratio(_bare(why), _bare(note)) >= COPY or fuzz.ratio(_bare(f"{where} {why}"), _bare(note)) >= COPY
    return fuzz.ratio(_bare(why), _bare(note[1])) >= COPY


def _share_of_stock(text: str) -> float:
    clauses = [" ".join(_WORD.findall(clause)) for clause in _CLAUSE.split(_plain(text))]
    stock = [clause for clause in clauses if process.extractOne(clause, _stock_like(clause), scorer=fuzz.ratio, score_cutoff=STOCK)]
    return len(" ".join(stock).split()) / max(1, len(" ".join(clauses).split()))


def _stock_like(clause: str) -> list[str]:
    """The stock phrases that are about as long: others can't be like it."""
    length = len(clause.split())
    return [phrase for near in range(max(2, length - 1), length + 2) for phrase in _stock().get(near, ())]


def _weight(where: str, why: str, language: str) -> float:
    """What is specific in the note, less what one of its length needs: from 0 on it says something."""
    text = f"{where}.\n{why}"
    if sum(map(str.isupper, text)) > len(text) / 2:
        text = text.lower()
    generic = _generic(where, language) | _generic(why, language)
    specific: dict[str, float] = {}
    length = names = of_her = 0
    for found in _WORD.finditer(text):
        word = _plain(found[0])
        length += 1
        of_her = NEAR if _HER.fullmatch(word) else of_her - 1
        if word in generic:
            continue
        if word[0].isdigit() or (found[0][0].isupper() and not _begins_a_sentence(text[: found.start()])):
            names += 1
        elif not (_ADVERB.fullmatch(word) or _NOT_A_WORD.fullmatch(word)):
            specific[word[:6]] = (SOUNDS_SPECIFIC if _ABSTRACT.fullmatch(word) else 1) + (OF_HER if of_her > 0 else 0)
    sold = len(set(_phrases("selling").findall(_plain(text))))
    return sum(specific.values()) + NAME * min(names, NAMES) - SOLD * sold - ENOUGH - PER_WORD * length


def _begins_a_sentence(before: str) -> bool:
    return before.rstrip(" '\"“«¿¡(")[-1:] in tuple(".!?:\n") or not before


def _generic(text: str, language: str) -> set[str]:
    """The words of the text that could stand in a note to anyone, in the language in which those are the most."""
    words = set(_WORD.findall(_plain(text)))
    found = [{word for word in words if _is_generic(word, one)} for one in sorted(LANGUAGES, key=language.__ne__)]
    return max(found, key=len)


def _is_generic(word: str, language: str) -> bool:
    words, stems, endings = _vocabulary(language)
    return word in words or any(word[:end] in stems and word[end:] in endings for end in range(2, len(word) + 1))


def _plain(text: str) -> str:
    """In small letters, without accents."""
    if text.isascii():
        return text.lower()
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))


def _bare(text: str) -> str:
    """What is compared of a note: its words, without the greeting, which names somebody else each time."""
    return " ".join(_WORD.findall(_GREETING.sub("", _plain(text))))


def _lines(name: str, *languages: str) -> list[str]:
    """The lines of these languages' lists, or of all, without what explains them."""
    room = files("services.requests.connections") / "note_words"
    lines = [line for one in languages or LANGUAGES for line in (room / f"{name}.{one}.txt").read_text("utf-8").splitlines()]
    return [_plain(line) for line in lines if line and not line.startswith("#")]


@cache
def _stock() -> dict[int, list[str]]:
    """The stock phrases by their number of words."""
    clauses = {" ".join(_WORD.findall(clause)) for line in _lines("stock") for clause in _CLAUSE.split(line)}
    by_length: dict[int, list[str]] = {}
    for clause in clauses:
        by_length.setdefault(len(clause.split()), []).append(clause)
    return by_length


@cache
def _vocabulary(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """A language's generic words, the stems of more of them, and how these may end."""
    lines = _lines("generic", language)
    words = [word for line in lines if not line.startswith("+") for word in line.split()]
    endings = [ending for line in lines if line.startswith("+") for ending in line[1:].split()]
    stems = frozenset(word[:-1] for word in words if word.endswith("*"))
    return frozenset(words), stems, frozenset(["", *endings])


@cache
def _phrases(name: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{line})\b" for line in _lines(name)))
