"""Every file of a service has a name that CONTRIBUTING.md gives a place, so that who has read one feature has read them all."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("members", "requests", "reputation", "notify", "web")


def section(text: str, title: str) -> str:
    """What a page says under one heading, up to the next heading or the end."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading: {title}"
    return found[1]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each row of the tables in `text`."""
    for line in text.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def named(title: str) -> set[str]:
    """The names in the first column under a heading: `api.py`, or `domain/` for a folder."""
    return {name for row in rows(section(CONTRIBUTING, title)) for name in quoted(row[0])}


FEATURE, SERVICE, LETTER = named("A feature"), named("A service"), named("A letter")
OWN = {row[0]: quoted(row[1]) for row in rows(section(CONTRIBUTING, "What one service alone has"))}


def has_a_place(service: str, path: PurePosixPath) -> bool:
    """Whether a file, named by its path below its service, is one that CONTRIBUTING.md knows."""
    first, *rest = path.parts
    if path.name == "__init__.py" or str(path) in OWN[service]:
        return True
    match rest:
        case []:
            return first in SERVICE
        case [folder, _] if f"{first}/{folder}/" in OWN[service]:
            return True
        case [_, name] if (service, first) == ("notify", "letters"):
            return name in LETTER
        case _ if f"{first}/" in OWN[service] | SERVICE:
            return True
        case [name]:
            return name in FEATURE
        case [folder, name]:
            return f"{folder}/" in FEATURE and name.endswith(".py")
    return False


def files_of(service: str) -> list[PurePosixPath]:
    folder = ROOT / "services" / service
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(PurePosixPath(path.relative_to(folder).as_posix()) for path in found)


@pytest.mark.parametrize("service", SERVICES)
def test_every_file_has_its_place(service: str) -> None:
    astray = [f"services/{service}/{path}" for path in files_of(service) if not has_a_place(service, path)]
    assert not astray, "\n".join(["use a name that CONTRIBUTING.md lists, or say there what the new one is for:", *astray])


@pytest.mark.parametrize("service", SERVICES)
def test_what_one_service_alone_has_is_there(service: str) -> None:
    missing = [f"services/{service}/{name}" for name in sorted(OWN[service]) if not (ROOT / "services" / service / name).exists()]
    assert not missing, "\n".join(["CONTRIBUTING.md lists what isn't there:", *missing])


def test_readme_names_every_file_of_a_feature() -> None:
    shown = quoted(section((ROOT / "README.md").read_text(encoding="utf-8"), "Where things are"))
    # A short domain is one file; README shows where to look, and that is one name.
    assert FEATURE - {"domain.py"} <= shown


@pytest.mark.parametrize(
    ("service", "path", "expected"),
    [
        ("requests", "introductions/store.py", True),
        ("requests", "introductions/domain/vouching.py", True),
        ("requests", "introductions/shape.py", False),
        ("requests", "introductions/domain/vouching/words.py", False),
        ("requests", "introductions/schema.sql", False),
        ("requests", "worker.py", True),
        ("requests", "helpers.py", False),
        ("requests", "visibility.py", True),
        ("reputation", "visibility.py", False),
        ("members", "migrations/0001_members.sql", True),
        ("notify", "letters/introduction/letter.py", True),
        ("notify", "letters/introduction/store.py", False),
    ],
)
def test_what_is_astray_is_found(service: str, path: str, expected: bool) -> None:
    assert has_a_place(service, PurePosixPath(path)) is expected
