"""What the publishers promised stays true: every version of every event parses for ever, and private text stays marked."""

import json
import logging
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from pydantic import ValidationError

from deploy.documents import PAGES
from shared.contracts.events import base
from shared.contracts.events.base import REDACTED, UnreadableEvent
from shared.telemetry import logs
from tests.messaging import events

SAMPLES = Path(__file__).parent / "samples"
ROOT = Path(__file__).parents[2]
FILES = sorted(SAMPLES.glob("*.json"))

PRIVATE_FIELDS = {
    "members.v1.member_joined": set(),
    "members.v1.profile_changed": set(),
    "members.v1.community_changed": set(),
    "private.v1.export_ready": set(),
    "private.v1.address_set": {"address", "passed_on"},
    "requests.v1.erased_from_requests": set(),
    "reputation.v1.erased_from_reputation": set(),
    "reputation.v1.circles_read": set(),
    "notify.v1.erased_from_notify": set(),
    "private.v1.sponsored_sanctioned": set(),
    "private.v1.sign_in_code_issued": {"address", "code"},
    "private.v1.invitation_sent": {"address", "name", "sponsor", "token"},
    "private.v1.join_requested": {"address", "name"},
    "private.v1.join_answered": {"address", "name"},
    "private.v1.new_address_named": {"address", "name", "code"},
    "private.v1.address_change_asked": {"address", "name", "token"},
    "private.v1.address_changed": {"address", "name", "token"},
    "private.v1.leaving_asked": {"address", "name"},
    "private.v1.leaving_undone": {"address", "name"},
    "private.v1.notice_answered": {"address", "name", "token"},
    "private.v1.account_asleep": {"address", "name"},
    "private.v1.account_erased": {"address", "name"},
    "requests.v1.connection_requested": {"where_we_met", "why_now", "met_at", "recipient_question", "requester_answer"},
    "requests.v1.connection_question_asked": {"question"},
    "requests.v1.connection_question_answered": {"question", "answer"},
    "requests.v1.introduction_asked": {"why_her"},
    "requests.v1.introduction_vouched": {"words_for", "why_her"},
    "requests.v1.correction_asked": {"words"},
    "requests.v1.words_corrected": {"words_for"},
    "requests.v1.introduction_confirmed": {"words_for"},
    "requests.v1.outcomes_revealed": {"answers", "thank_yous"},
    "requests.v1.need_asked": {"looking_for"},
    "requests.v1.misconduct_reported": {"words"},
    "requests.v1.question_reported": {"question"},
}
"""What members wrote or what identifies them, said here a second time, so that a lost mark is a red test."""


def type_of(file: Path) -> str:
    """The type of the event it is a sample of: what came to a contract later has a sample of its own, `<type>+<what>.json`."""
    return file.stem.partition("+")[0]


def sample(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sample_parses_and_keeps_each_value(file: Path) -> None:
    body = sample(file)
    event = base.parse(json.dumps(body).encode())
    assert event.type == body["type"] == type_of(file)
    again = json.loads(event.to_json())
    # A field that was renamed or dropped, or whose values read differently, is missing or different here.
    assert body == {**again, "data": {name: again["data"].get(name) for name in body["data"]}}


def test_every_event_has_a_sample_and_every_sample_an_event() -> None:
    assert {type_of(file) for file in FILES} == set(base.BY_TYPE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_consumers_ignore_a_field_they_do_not_know(file: Path) -> None:
    body = sample(file)
    newer = {**body, "data": {**body["data"], "added_later": "x"}, "extension": "y"}
    assert base.parse(json.dumps(newer).encode()) == base.parse(json.dumps(body).encode())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_producers_may_not_send_a_field_that_is_not_in_the_contract(file: Path) -> None:
    event = base.parse(file.read_bytes())
    fields = event.model_dump()
    assert type(event)(**fields) == event
    fields["added_by_mistake"] = "x"
    with pytest.raises(ValidationError):
        type(event)(**fields)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_id_follows_from_type_aggregate_and_version(file: Path) -> None:
    event = base.parse(file.read_bytes())
    same = type(event)(**{**event.model_dump(), "id": base.NIL})
    other = type(event)(**{**event.model_dump(), "id": base.NIL, "aggregate_version": event.aggregate_version + 1})
    assert same.id == event.id != other.id


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_private_fields_are_marked_and_redacted(file: Path) -> None:
    event = base.parse(file.read_bytes())
    marked = base.private_fields(type(event))
    assert marked == PRIVATE_FIELDS.get(type_of(file), set())
    shown = json.dumps(event.redacted())
    for name in marked:
        for secret in _texts(sample(file)["data"].get(name)):
            assert secret not in shown
        assert event.redacted()[name] == (None if getattr(event, name) is None else REDACTED)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_logged_event_shows_nothing_private(file: Path) -> None:
    event = base.parse(file.read_bytes())
    out = StringIO()
    handlers, level, before = list(logging.root.handlers), logging.root.level, structlog.get_config()
    fields: dict[str, Any] = {name: getattr(event, name) for name in base.private_fields(type(event))}
    logs.configure("test", "test", file=out)
    try:
        logs.log.info("event.shown", whole=event, nested=[{"one": event}], **fields)
    finally:
        structlog.configure(**before)
        logging.root.handlers, logging.root.level = handlers, level
    assert str(event.id) in out.getvalue()
    for name in base.private_fields(type(event)):
        for secret in _texts(sample(file)["data"].get(name)):
            assert secret not in out.getvalue()


def _texts(value: Any) -> list[str]:
    return [str(text) for text in value.values()] if isinstance(value, dict) else [] if value is None else [str(value)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b"null", "malformed"),
        (b"[]", "malformed"),
        (b"{}", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"type": 7}', "unknown"),
        (b'{"type": "members.v1.member_vanished"}', "unknown"),
        (b'{"type": "members.v2.member_joined"}', "newer"),
        (b'{"type": "members.v2.member_vanished"}', "unknown"),
        (b'{"type": "members.v1.member_joined"}', "malformed"),
        (b'{"type": "members.v1.member_joined", "specversion": "1.0", "data": []}', "malformed"),
        (b'{"type": "members.v1.member_joined", "specversion": "1.0", "data": {}}', "malformed"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        base.parse(body)
    assert caught.value.reason == reason


def test_the_reason_quotes_nothing_of_the_event() -> None:
    body = json.loads(events.confirmed().to_json())
    body["data"]["words_for"] = {"She told me a secret": "another secret"}
    body["data"]["confirmed_at"] = "a third secret"
    with pytest.raises(UnreadableEvent) as caught:
        base.parse(json.dumps(body).encode())
    assert "secret" not in str(caught.value)
    assert caught.value.detail == "requests.v1.introduction_confirmed: confirmed_at, words_for"


@pytest.mark.parametrize("page", PAGES)
def test_what_is_generated_is_current(page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page](), "run: make documents"


def test_subjects_carry_no_ids() -> None:
    for kind in base.BY_TYPE:
        assert not any(character.isdigit() for character in kind.replace(".v1.", ""))
    assert UUID(int=0) == base.NIL
