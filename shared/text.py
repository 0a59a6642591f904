"""What a member writes: normalised the same way everywhere, and refused if it could deceive a reader."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.problems import FIELD_SENTENCES

# Overrides, embeddings and isolates: they can show a text other than it reads.
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Marks a letter may carry before it is composed into one; beyond that it is no text in any language.
_MOST_COMPOSED = 24


def field_error(code: str, **limits: int) -> PydanticCustomError:
    """The error of a field, with the sentence of its code."""
    return PydanticCustomError(code, FIELD_SENTENCES[code], limits)


def normalise(text: str, *, one_line: bool = False) -> str:
    """NFC, CRLF to LF, trimmed. Raises PydanticCustomError: control_character, bidirectional_override, line_break.

    A tab is a control character like any other; LF is allowed unless `one_line`.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    for character in text:
        if character == "\n" and one_line:
            raise field_error("line_break")
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise field_error("control_character")
    if _BIDIRECTIONAL.search(text):
        raise field_error("bidirectional_override")
    return text


@dataclass(frozen=True)
class Words:
    """The type of a member's text: `why_now: Annotated[str, Words(40, 1000)]`.

    Lengths are Unicode characters, counted after normalisation. Errors: empty, too_short, too_long, and those of `normalise`.
    """

    minimum: int
    maximum: int
    one_line: bool = False

    def check(self, text: str) -> str:
        """The text, normalised. Raises PydanticCustomError."""
        text = text.strip()
        if len(text) > (self.maximum + 1) * _MOST_COMPOSED:
            raise field_error("too_long", maximum=self.maximum)  # no need to look at megabytes
        text = normalise(text, one_line=self.one_line)
        if len(text) > self.maximum:
            raise field_error("too_long", maximum=self.maximum)
        if len(text) < self.minimum:
            raise field_error("empty") if self.minimum == 1 else field_error("too_short", minimum=self.minimum)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))
