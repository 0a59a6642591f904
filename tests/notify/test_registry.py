"""One list names the letters, each says what it is for, and one table holds them that two modules know."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from services.notify import community, members
from services.notify.letters import registry
from services.notify.letters.base import Category, Kind
from shared.contracts.events.heard import HEARS
from shared.messaging import member_copy
from tests.notify import world

SERVICE = Path(registry.__file__).parents[1]


def test_the_list_names_every_folder_once() -> None:
    folders = sorted(file.parent.name for file in (SERVICE / "letters").glob("*/letter.py"))
    assert sorted(kind.name for kind in registry.LETTERS) == folders
    assert len(folders) >= 8


@pytest.mark.parametrize("kind", registry.LETTERS, ids=lambda kind: kind.name)
def test_each_says_its_events_and_its_category(kind: Kind) -> None:
    assert kind.decides
    assert kind.decides.keys() <= set(HEARS["notify"])
    assert kind.category in get_args(Category)
    assert (kind.priority == 0) == (kind.category == "security")


def test_every_event_that_is_no_news_of_a_member_or_the_community_has_its_letter() -> None:
    about_members = member_copy.feature("notify", members.PROFILE, ()).handlers.types | members.ADDRESSES.handlers.types
    about_members |= community.COMMUNITY.handlers.types
    lettered = {event.type for kind in registry.LETTERS for event in kind.decides}
    assert lettered == {event.type for event in HEARS["notify"]} - about_members
    assert lettered == registry.feature(world.SENDER).handlers.types


def names_letters(module: Path) -> bool:
    """True if a statement in this module reads or writes the table of letters."""
    texts = [
        node.value for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return any(re.search(r"\b(from|into|join|update|table|truncate)\s+letters\b", text) for text in texts)


def test_two_modules_know_the_table_of_letters() -> None:
    found = {str(module.relative_to(SERVICE)) for module in SERVICE.rglob("*.py") if names_letters(module)}
    assert found == {"queue/store.py", "queue/claims.py"}
