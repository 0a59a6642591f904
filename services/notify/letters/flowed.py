"""The text part of a letter in lines that every program can show, and that a narrow one can fill anew (RFC 3676).

`format=flowed; delsp=yes`: a line that ends in a space goes on in the next one, and that space isn't part of the text. So a line may
also end in the middle of a long word, or of Chinese, and comes out whole.
"""

import unicodedata
from collections.abc import Iterator

import regex

COLUMNS = 72
QUOTE = "> "
SIGNATURE = "-- "
"""Alone in a line of ours, it begins what programs leave out of an answer."""

_WORD = regex.compile(r"[^ ]* *")
_SMALLEST = regex.compile(r"\X[、。，．：；！？）］」』】》]{0,2}")  # no line begins with these


def flowed(text: str) -> str:
    """The text with no line of more than 72 columns or characters; `> ` before each line that has it before the whole.

    A line of ours that is a single word, a link or an address, stays whole.
    """
    return "\n".join(line for whole in text.split("\n") for line in _lines(whole))


def _lines(whole: str) -> Iterator[str]:
    if whole == SIGNATURE:
        yield whole
        return
    mark = QUOTE if whole.startswith(QUOTE) or whole == ">" else ""
    words = whole[len(mark) :].rstrip(" ")
    lines = [words] if not mark and " " not in words else list(_filled(words, COLUMNS - len(mark or " ") - 1))
    for line in lines[:-1]:
        yield f"{mark}{_stuffing(mark, line)}{line} "
    yield f"{mark}{_stuffing(mark, lines[-1])}{lines[-1]}".rstrip(" ")


def _stuffing(mark: str, line: str) -> str:
    """The space that keeps a line of ours from being taken for a quote, a signature or the start of a letter in a mailbox file."""
    return " " if not mark and line.startswith((" ", ">", "From ", "--")) else ""


def _filled(words: str, columns: int) -> Iterator[str]:
    line, used = "", 0
    for word in _WORD.findall(words):
        for piece in [word] if _size(word) <= columns else _SMALLEST.findall(word):
            if used + _size(piece) > columns and line:
                yield line
                line, used = "", 0
            line, used = line + piece, used + _size(piece)
    yield line


def _size(text: str) -> int:
    """How many columns it takes or characters it has, whichever is more, or somewhat above."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
