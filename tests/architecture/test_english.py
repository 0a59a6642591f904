"""Comments, docstrings, docs and templates are in plain English. Only what gave the text away most often is looked for here."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("services", "shared", "deploy", "tests", "benchmarks", "docs")
AS_A_WHOLE = {".md", ".html", ".txt", ".js", ".css"}
GLOSSARY = ROOT / "docs" / "glossary.md"
"""The one page that quotes what isn't said."""

_NOT_ASKED_OR_TOLD = r"(?<!ask )(?<!asks )(?<!asked )(?<!tell )(?<!tells )(?<!told )(?<!show )(?<!shows )"
IDIOMS = {
    r"\b(?:the|an|notify's) own cop(?:y|ies)\b|(?<!their )(?<!its )\bown copies\b": (
        "Keeps the own copies of members",
        "Maintains this service's copy of members",
    ),
    r"\bwhere there (?:is|are|was|were) (?:no|none|nothing)\b": ("empty where there is no such row", "empty if there is no such row"),
    r"\bwhere none\b": ("empty where none is known", "empty if none is known"),
    r"\b(?:None|True|False|nothing) where\b": ("None where she is erased", "None if she is erased"),
    r"\b[Rr]aises (?:[\w.]+(?:,| or| and)? ){1,3}where\b": ("Raises NotYours where she is no side", "Raises NotYours if she is no side"),
    rf"\bshe who\b|{_NOT_ASKED_OR_TOLD}\bher whom?\b": ("told only to her whom it concerns", "shown only to the member concerned"),
    r"\ba leaving\b|\bleaving of\b": ("a block or a leaving ends it", "a block or a departure ends it"),
    r"\ba blocking\b": ("after a blocking", "after a block"),
}
"""By a pattern, for text whose white space is single spaces: an example of the idiom, and what to write instead."""


def prose_of_module(source: str) -> Iterator[tuple[int, str]]:
    """Docstrings, texts that stand alone, and comments, each with its first line; comments in a row are one piece."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value
    block: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start[0] > block[-1][0] + 1:
                yield block[0][0], " ".join(text for _, text in block)
                block = []
            block.append((token.start[0], token.string.lstrip("# ")))
    if block:
        yield block[0][0], " ".join(text for _, text in block)


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """What of a file is written for people, in pieces, each with its first line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from prose_of_module(text)
    elif path.suffix == ".sql":
        yield from ((number, line.partition("--")[2]) for number, line in enumerate(text.splitlines(), 1))
    else:
        yield from ((text.count("\n", 0, piece.start()) + 1, piece[0]) for piece in re.finditer(r"\S.*?(?=\n\s*\n|\Z)", text, re.DOTALL))


def found(text: str) -> list[tuple[str, str]]:
    """Each idiom in a text as it stands there, with what to write instead."""
    single_spaced = " ".join(text.split())
    return [(match[0], better) for pattern, (_, better) in IDIOMS.items() if (match := re.search(pattern, single_spaced))]


def files() -> list[Path]:
    below = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    ours = (path for path in (*below, *ROOT.glob("*.md")) if not {"__pycache__", "vendor"} & set(path.parts))
    return sorted(path for path in ours if path.suffix in AS_A_WHOLE | {".py", ".sql"} and path != GLOSSARY)


def test_what_is_written_for_people_is_plain_english() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: “{said}”; better: “{better}”"
        for path in files()
        for line, text in prose(path)
        for said, better in found(text)
    ]
    assert not wrong, "\n".join(["say it as a colleague would", *wrong])


@pytest.mark.parametrize(("said", "better"), IDIOMS.values())
def test_each_example_is_found_and_what_is_better_is_not(said: str, better: str) -> None:
    assert [instead for _, instead in found(said)] == [better]
    assert found(better) == []


def test_prose_is_found_wherever_it_stands() -> None:
    source = '"""Empty where\nnone is known."""\nNAME = "a leaving"  # after a\n# leaving\n'
    assert [line for line, text in prose_of_module(source) if found(text)] == [1, 3]


def test_what_is_plain_is_left_alone() -> None:
    assert found("A community where nobody is introduced by a stranger. It would tell her who said it. Those who left are gone.") == []
