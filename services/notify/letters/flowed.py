"""The text part of a letter in lines that every program can show, and that a narrow one can fill anew (RFC 3676).

`format=flowed; delsp=yes`: a line that ends in a space goes on in the next one, and that space isn't part of the text. So a line may
also end in the middle of a long word, or of Chinese, and comes out whole.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import regex

COLUMNS = 72
QUOTE = "> "
SIGNATURE = "-- "
"""Alone in a line of ours, it begins what programs leave out of an answer."""

_AS_IT_IS = re.compile(r"(?![ >F-])[ -\u10ff]{0,69}[!-\u10ff]|")  # most lines: short, ours, and mistaken for nothing
_WORD = regex.compile(r"[^ ]* *")
_WIDE = regex.compile(r"[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]")
_NARROW = re.compile(r"[\0-\u10ff]*")  # no character before U+1100 is wide
_SMALLEST = regex.compile(r"\X[、。，．：；！？）］」』】》]{0,2}")  # no line begins with these


def flowed(text: str) -> str:
    """The text with no line of more than 72 columns or characters; `> ` before each line that has it before the whole.

    A line of ours that is a single word, a link or an address, stays whole.
    """
    return "\n".join(whole if _AS_IT_IS.fullmatch(whole) else "\n".join(_lines(whole)) for whole in text.split("\n"))


def _lines(whole: str) -> Iterator[str]:
    if whole == SIGNATURE:
        yield whole
        return
    mark = QUOTE if whole.startswith(QUOTE) or whole == ">" else ""
    words = whole[len(mark) :].rstrip(" ")
    columns = COLUMNS - len(mark or " ") - 1
    fits = _size(words) <= columns or (not mark and " " not in words)
    lines = [words] if fits else list(_filled(words, columns))
    for line in lines[:-1]:
        yield f"{mark}{_stuffing(mark, line)}{line} "
    yield f"{mark}{_stuffing(mark, lines[-1])}{lines[-1]}".rstrip(" ")


def _stuffing(mark: str, line: str) -> str:
    """The space that keeps a line of ours from being taken for a quote, a signature or the start of a letter in a mailbox file."""
    return " " if not mark and line.startswith((" ", ">", "From ", "--")) else ""


def _filled(words: str, columns: int) -> Iterable[str]:
    if _NARROW.fullmatch(words):
        lines = _whole_words(columns).findall(words)
        if sum(map(len, lines)) == len(words):  # else a word is longer than a line
            return lines
    return _by_pieces(words, columns)


@cache
def _whole_words(columns: int) -> re.Pattern[str]:
    return re.compile(rf".{{1,{columns}}}(?:(?<= )(?! )|$)")


def _by_pieces(words: str, columns: int) -> Iterator[str]:
    line, used, size_of = "", 0, _size if _WIDE.search(words) else len
    for word in _WORD.findall(words):
        for piece in [word] if size_of(word) <= columns else _SMALLEST.findall(word):
            size = size_of(piece)
            if used + size > columns and line:
                yield line
                line, used = "", 0
            line, used = line + piece, used + size
    yield line


def _size(text: str) -> int:
    """How many columns it takes or characters it has, whichever is more, or somewhat above."""
    return len(text) + (0 if _NARROW.fullmatch(text) else len(_WIDE.findall(text)))
