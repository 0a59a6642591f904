"""What a member writes: bounded before it is looked at, stored the same however it was typed, and nothing in it that a reader can't see.

Unicode's properties are those of `regex`, which knows newer pictures than Python's own tables; composing (NFC) is Python's.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import regex
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.problems import FIELD_SENTENCES

# The longest canonical decomposition of one character (UAX 15, 9.3): what is longer than that can't compose into what is allowed.
_MOST_COMPOSED = 4

_SPACE = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
# Letters, marks and symbols that show nothing: Hangul and Khitan fillers, the joiner of graphemes, Khmer's inherent vowels, an empty
# Braille cell, a note without a head.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159"
_ENDS = _SPACE + _BLANK
_SPACES = regex.compile(r"\p{Zs}+")
_UNSEEN = regex.compile(rf"(?V1)[{_ENDS}\p{{C}}\p{{DI}}]")
# What a reader counts: a gap once, however wide, and each grapheme cluster (UAX 29).
_SEEN = regex.compile(rf"[{_ENDS}]+|\X")

# More marks than any language puts on one letter. A run of 30 is what a stream of text may ask of whoever sorts it (UAX 15, 12.1):
# sorting is quadratic in its length. In a name four that stack, as in Hebrew, or eight that stand around the letter, as in Burmese.
_MARKS = regex.compile(r"\p{M}{31}")
_MARKS_IN_A_NAME = regex.compile(r"(?V1)[\p{M}--\p{ccc=0}]{5}|\p{M}{9}")

# They can show a text other than it reads. Isolates are ours to add.
_BIDIRECTIONAL = regex.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Controls, halves and holes of the code, private characters, and the marks of what a program couldn't read.
_UNSHOWABLE = regex.compile(r"(?V1)[[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\ufffc\ufffd]--\n]")
# Of characters that Python doesn't know only pictures are taken: others it couldn't compose.
_NOT_PICTURES = regex.compile(r"(?V1)[^\p{ASCII}\p{Extended_Pictographic}]")
_HIDDEN = regex.compile(r"(?V1)[\p{Cf}--[\u180e\u200c\u200d]]")
_TAGS = {ord(letter): 0xE0000 + ord(letter) for letter in "begnlcstw"}
_TAGGED_FLAGS = regex.compile("|".join(f"\U0001f3f4{region.translate(_TAGS)}\U000e007f" for region in ("gbeng", "gbsct", "gbwls")))

# A joiner does something only beside a sign that drops a vowel, between letters that would join, after a letter that would not join on,
# and between emoji (RFC 5892, A.1 and A.2; UTS 51). Hints of where a line may break come with pasted text, and carry nothing.
_JOINS, _JOINED = r"[\p{jt=D}\p{jt=L}\u0640]\p{Mn}*", r"[\u200c\u200d]*[\p{jt=D}\p{jt=R}\u0640]"
_PICTURE = r"\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?"
_JOINER_OR_HINT = regex.compile(
    rf"""(?xV1)(?P<acts>
      (?<=\p{{ccc=9}})[\u200c\u200d] | (?<=\p{{L}}\p{{Mn}}*)\u200d(?=\p{{ccc=9}})
    | (?<={_JOINS})\u200c(?={_JOINED}) | (?<={_JOINS})\u200d(?!{_JOINED})
    | (?<={_PICTURE})\u200d(?=\p{{Extended_Pictographic}})
    | (?<=\p{{Mongolian}})\u180e(?=\p{{Mongolian}})
    ) | [\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff]"""
)
# A selector does something only after what has several looks.
_SELECTOR = regex.compile(
    r"""(?xV1)(?P<acts>
      (?<=[\p{Emoji}--\p{Emoji_Presentation}--[0-9\#*]])\ufe0f | (?<=[0-9\#*])\ufe0f(?=\u20e3)
    | (?<=[\p{Emoji}--[0-9\#*]])\ufe0e
    | (?<=\p{Han})[\ufe00-\ufe02\U000e0100-\U000e01ef] | (?<=\p{Mongolian})[\u180b-\u180d\u180f]
    ) | [\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"""
)
_LOOKS_OF_IDEOGRAPHS = regex.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")

_LETTER = regex.compile(r"(?V1)[[\p{L}\p{N}]--\p{DI}]")
_BLANKS = regex.compile(f"[{_BLANK}]")
_BRACKETS_OR_AT = regex.compile("[<>@]")

# What tells one spelling of an organisation or an event from another, and nothing else. Elsewhere a mark is a vowel, so it stays.
_ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{Cyrillic}]\p{Mn}*)\p{Mn}")
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_WITHIN_A_WORD = regex.compile("[.'’·]")
_BETWEEN_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_SPELT_OUT = regex.compile(r"(?<!\S)(\p{L}) (?=\p{L}(?!\S))")
_LEGAL_FORMS = regex.compile(
    r"""(?x)(?<=\S)(?:[ ](?:
      s[ ]de[ ]rl | de[ ]cv | saa? | sab | sac | sapi | sas | scoop | sl | sll | slp | slu | sau | srl | spa | ltda | eirl | cv
    | ltd | limited | llc | llp | inc | incorporated | corp | corporation | co | plc | pty | gmbh | mbh | ag | kg | ug | ev | nv
    | bv | ab | oy | sarl
    ))+$"""
)


def field_error(code: str, **limits: int) -> PydanticCustomError:
    """The error of a field, with the sentence of its code."""
    return PydanticCustomError(code, FIELD_SENTENCES[code], limits)


def seen(text: str) -> int:
    """How many characters a reader counts: grapheme clusters, and a gap between them as one however wide it is."""
    return len(_SEEN.findall(text.strip(_ENDS)))


def without_unseen_ends(text: str) -> str:
    """The text without what can't be seen at either end: spaces, controls, format characters. It is for addresses that were pasted."""
    return text.strip("".join(set(_UNSEEN.findall(text))))


def normalise(text: str, *, one_line: bool = False, name: bool = False) -> str:
    """The text as it is stored, trimmed and composed (NFC), in time that grows as its length.

    CRLF becomes LF, a tab a space; on one line every gap is one space. Joiners and selectors that do nothing are dropped, and so are
    hints of where a line may break; in a name, where they could make one look like another's, all but idle selectors are refused.
    Raises PydanticCustomError: too_many_marks, bidirectional_override, hidden_character, control_character, line_break; of a name also
    no_letter and not_in_a_name.
    """
    tidy = _tidy(text.replace("\r\n", "\n").replace("\t", " "), one_line, name)
    if _BIDIRECTIONAL.search(tidy):
        raise field_error("bidirectional_override")
    if _HIDDEN.search(_TAGGED_FLAGS.sub("", tidy)) or _tidy(tidy, one_line, name) != tidy:
        raise field_error("hidden_character")
    if _UNSHOWABLE.search(tidy) or any(unicodedata.category(new) == "Cn" for new in set(_NOT_PICTURES.findall(tidy))):
        raise field_error("control_character")
    if one_line and "\n" in tidy:
        raise field_error("line_break")
    if name and tidy:
        _check_name(tidy)
    return tidy


def name_key(name: str) -> str:
    """What spellings of one organisation's or event's name have in common: no case, accents, punctuation or legal form.

    Empty if nothing is left, and then it is nobody's name.
    """
    return _LEGAL_FORMS.sub("", _SPELT_OUT.sub(r"\1", " ".join(plain_words(name))))


def names_somebody(text: str, names: Iterable[str], but: str) -> bool:
    """Whether a word of one of these names stands in the text; what is a word of her own name as well gives nobody away."""
    own, said = set(name_key(but).split()), set(name_key(text).split())
    return any(word in said and word not in own for name in names for word in name_key(name).split() if len(word) > 2)


def plain_words(text: str) -> list[str]:
    """Its words as they are compared: no case, accents or punctuation."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain).translate(_STROKES))
    return _BETWEEN_WORDS.sub(" ", _WITHIN_A_WORD.sub("", plain)).split()


def _tidy(text: str, one_line: bool, name: bool) -> str:
    text = _SELECTOR.sub(_acting, _composed(text, name))
    text = _LOOKS_OF_IDEOGRAPHS.sub("", text) if name else _JOINER_OR_HINT.sub(_acting, text)
    text = _composed(text, name).strip(_SPACE if name else _ENDS)
    return _SPACES.sub(" ", text) if one_line else text


def _composed(text: str, name: bool) -> str:
    if (_MARKS_IN_A_NAME if name else _MARKS).search(text):
        raise field_error("too_many_marks")
    return unicodedata.normalize("NFC", text)


def _acting(found: regex.Match[str]) -> str:
    return found["acts"] or ""


def _check_name(name: str) -> None:
    if _BLANKS.search(name) or _JOINER_OR_HINT.sub(_acting, name) != name:
        raise field_error("hidden_character")
    if _BRACKETS_OR_AT.search(unicodedata.normalize("NFKD", name)):
        raise field_error("not_in_a_name")
    if not _LETTER.search(name):
        raise field_error("no_letter")


@dataclass(frozen=True)
class Words:
    """The type of a member's text: `why_now: Annotated[str, Words(40, 1000)]`.

    The least is what a reader counts, the most Unicode characters, both after normalisation. Errors: empty, too_short, too_long, and
    those of `normalise`.
    """

    minimum: int
    maximum: int
    one_line: bool = False
    name: bool = False

    def check(self, text: str) -> str:
        """The text, normalised. Raises PydanticCustomError."""
        text = text.strip()
        if len(text) > self.maximum * _MOST_COMPOSED:
            raise field_error("too_long", maximum=self.maximum)  # no need to look at it
        text = normalise(text, one_line=self.one_line, name=self.name)
        if len(text) > self.maximum:
            raise field_error("too_long", maximum=self.maximum)
        if self.minimum and seen(text) < self.minimum:
            raise field_error("empty") if self.minimum == 1 else field_error("too_short", minimum=self.minimum)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minLength": self.minimum, "maxLength": self.maximum}
