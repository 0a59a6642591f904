"""The note gate: does a connection request say anything to the woman who will read it? Pure.

A note is judged by what is left of it. Take away every word that could stand in a note to anyone (`../note_words/generic.*.txt`), and what
remains is what it is about: the kiln, the night bus, the union form. A few such words are a note, however clumsy; no polish makes up for
them. Capitals and digits say next to nothing, for a curriculum is full of them. A refusal needs more: most of it in stock phrases, compared
by RapidFuzz. Both languages are read, whatever the language of her pages, for members write in either.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from rapidfuzz import fuzz, process

from shared.contracts.http.requests.connection_problems import Nudge
from shared.problems import Field, Invalid, Problem

LANGUAGES = ("en", "es")
Earlier = Sequence[str | tuple[str, str]]
"""Her own notes of the last 90 days: where they met and why now, or the words of why now alone."""

COPY = 95
"""From this likeness on, of 100, a note is a copy."""
STOCK = 75
"""From this likeness on a clause is a stock phrase."""
MOSTLY = 0.5
"""A note is mostly stock phrases if this share of its words is in them."""

ENOUGH, PER_WORD = 2.2, 0.065
"""What a note must weigh to say something, and what each word adds to that: a long one has more words that no list foresaw."""
WHERE = 2
"""Where they met counts this often: who has met her can name the place."""
WHY = 0.5
"""What why now must weigh by itself."""
BORROWED = 0.35
"""The weight of a word of `borrowed.*.txt`, or that ends as abstract words do; of any other that isn't generic it is 1."""
OF_HER, NEAR = 0.25, 5
"""What a specific word weighs more among the few that follow *you* or *your*, and how many those are."""
NAME, NAMES = 0.1, 3
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

    @property
    def said(self) -> Field | None:
        """What she is told of it, at the field it is about."""
        if self.copies > 1:
            return Field("why_now", "copied_more", count=self.copies)
        return Field("why_now", self.reason) if self.reason else None

    def obstacle(self, *, nudged: bool) -> Problem | None:
        """Why it can't be sent; None if it can, as what was only nudged can once she knows (`nudged`)."""
        if self.said is None or (self.kind == "nudge" and nudged):
            return None
        return (Nudge if self.kind == "nudge" else Invalid)(fields=[self.said])


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a note: the language of her pages, and her own notes of the last 90 days."""

    language: str
    earlier: Earlier = ()

    def judge(self, where_we_met: str, why_now: str) -> Verdict:
        """What the gate says of a note of hers."""
        return judge(where_we_met, why_now, self.language, self.earlier)


def judge(where_we_met: str, why_now: str, language: str, earlier: Earlier = ()) -> Verdict:
    """What the gate says of a note by a member whose pages are in `language`, which decides only where the words don't."""
    if copies := _copies(where_we_met, why_now, earlier):
        return Verdict("refuse", "copied", copies)
    says_something = _says_something(where_we_met, why_now, language)
    if not says_something and _share_of_stock(why_now) >= MOSTLY:
        return Verdict("refuse", "stock_phrases")
    if _phrases("advances").search(_plain(f"{where_we_met}.\n{why_now}")):
        return Verdict("nudge", "remarks_on_looks")
    return Verdict("fine") if says_something else Verdict("nudge", "nothing_specific")


def _copies(where: str, why: str, earlier: Earlier) -> int:
    mine, whole = _bare(why), _bare(f"{where} {why}")
    pairs = ((mine, _bare(note[1])) for note in earlier if not isinstance(note, str))
    texts = ((one, _bare(note)) for note in earlier if isinstance(note, str) for one in (mine, whole))
    return sum(fuzz.ratio(*both, score_cutoff=COPY) > 0 for both in (*pairs, *texts))


def _share_of_stock(text: str) -> float:
    clauses = [" ".join(_WORD.findall(clause)) for clause in _CLAUSE.split(_plain(text))]
    stock = [clause for clause in clauses if process.extractOne(clause, _stock_like(clause), scorer=fuzz.ratio, score_cutoff=STOCK)]
    return len(" ".join(stock).split()) / max(1, len(" ".join(clauses).split()))


def _stock_like(clause: str) -> list[str]:
    """The stock phrases that are about as long: others can't be like it."""
    length = len(clause.split())
    return [phrase for near in range(max(2, length - 1), length + 2) for phrase in _stock().get(near, ())]


def _says_something(where: str, why: str, language: str) -> bool:
    """It weighs what a note of its length needs, and why now has its part in that."""
    text = f"{where}.\n{why}"
    sold = len(set(_phrases("selling").findall(_plain(text))))
    of_why = _weight(why, language)
    weight = WHERE * _weight(where, language) + of_why - SOLD * sold
    return of_why >= WHY and weight >= ENOUGH + PER_WORD * len(_WORD.findall(text))


def _weight(text: str, language: str) -> float:
    """What is specific in the text."""
    if sum(map(str.isupper, text)) > len(text) / 2:
        text = text.lower()
    light = _light(text, language)
    specific: dict[str, float] = {}
    names = of_her = 0
    for found in _WORD.finditer(text):
        word = _plain(found[0])
        of_her = NEAR if _HER.fullmatch(word) else of_her - 1
        weight = light.get(word, BORROWED if _ABSTRACT.fullmatch(word) else 1)
        if not weight:
            continue
        if word[0].isdigit() or (found[0][0].isupper() and not _begins_a_sentence(text[: found.start()])):
            names += 1
        elif not (_ADVERB.fullmatch(word) or _NOT_A_WORD.fullmatch(word)):
            specific[word[:6]] = weight + (OF_HER if of_her > 0 else 0)
    return sum(specific.values()) + NAME * min(names, NAMES)


def _begins_a_sentence(before: str) -> bool:
    return before.rstrip(" '\"“«¿¡(")[-1:] in tuple(".!?:\n") or not before


def _light(text: str, language: str) -> dict[str, float]:
    """What the generic words of the text weigh, in the language in which those are the most: nothing, or little."""
    words = set(_WORD.findall(_plain(text)))
    found = {one: {word for word in words if _is_in("generic", word, one)} for one in sorted(LANGUAGES, key=language.__ne__)}
    read = max(found, key=lambda one: len(found[one]))
    return {word: BORROWED if _is_in("borrowed", word, read) else 0 for word in found[read]}


def _is_in(name: str, word: str, language: str) -> bool:
    words, stems = _vocabulary(name, language)
    endings = _endings(language)
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
def _vocabulary(name: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a list, and the stems of more of them."""
    words = [word for line in _lines(name, language) for word in line.split()]
    return frozenset(words), frozenset(word[:-1] for word in words if word.endswith("*"))


@cache
def _endings(language: str) -> frozenset[str]:
    """How a stem's words may end."""
    return frozenset(["", *(ending for line in _lines("endings", language) for ending in line.split())])


@cache
def _phrases(name: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{line})\b" for line in _lines(name)))
