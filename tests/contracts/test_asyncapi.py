"""docs/asyncapi.yaml: a valid AsyncAPI 3 document that says of every event what the contracts say."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator, ValidationError

from shared.contracts.events import base
from shared.contracts.events.heard import HEARS
from tests.contracts.test_contracts import FILES, PRIVATE_FIELDS, sample, type_of
from tests.messaging import events

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
UNHEARD = {"ConnectionRemoved", "ReportDismissed"}
"""Events that are sent and that no service hears yet, said here a second time, so that a lost hearer is a red test."""

each_sample = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def found(reference: dict[str, str]) -> Any:
    """What `{"$ref": "#/…"}` refers to."""
    place: Any = DOCUMENT
    for step in reference["$ref"].removeprefix("#/").split("/"):
        place = place[step]
    return found(place) if "$ref" in place else place


def operations(action: str) -> set[tuple[str, str]]:
    """Who sends, or receives, which event, as the operations say it."""
    chosen = [operation for operation in DOCUMENT["operations"].values() if operation["action"] == action]
    return {
        (tag["name"], found(message)["title"]) for operation in chosen for message in operation["messages"] for tag in operation["tags"]
    }


def fits(event: dict[str, Any], name: str) -> None:
    """Raises ValidationError if the event isn't as the message of that name says."""
    schema = {"$ref": f"#/components/messages/{name}/payload", "components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(event)


def test_it_is_valid_and_the_models_of_the_specification_know_each_of_its_fields() -> None:
    known = ApplicationSchema.model_validate(DOCUMENT)
    assert known.model_dump(mode="json", by_alias=True, exclude_unset=True) == DOCUMENT
    assert known.components
    assert known.components.messages
    for part in (known, *known.channels.values(), *known.operations.values(), *known.components.messages.values()):
        assert {name for name in part.model_extra or {} if not name.startswith("x-")} == set()


def test_every_event_has_a_channel_of_its_own_with_its_message() -> None:
    assert set(DOCUMENT["channels"]) == set(base.BY_TYPE)
    for subject, channel in DOCUMENT["channels"].items():
        [message] = [found(message) for message in channel["messages"].values()]
        assert (channel["address"], message["name"], message["title"]) == (subject, subject, base.BY_TYPE[subject].__name__)


def test_each_event_is_sent_by_its_publisher_and_is_heard_or_marked_as_unheard() -> None:
    assert operations("send") == {(kind.publisher, kind.__name__) for kind in base.BY_TYPE.values()}
    assert operations("receive") == {(service, kind.__name__) for service, heard in HEARS.items() for kind in heard}
    for name, message in MESSAGES.items():
        assert {(service, name) for service in message["x-heard-by"]} == {pair for pair in operations("receive") if pair[1] == name}
    assert {name for name, message in MESSAGES.items() if not message["x-heard-by"]} == UNHEARD


def test_an_operation_names_its_channel_and_a_message_of_that_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert found(operation["channel"])
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


@each_sample
def test_every_golden_sample_fits(file: Path) -> None:
    fits(sample(file), base.BY_TYPE[type_of(file)].__name__)


@each_sample
def test_what_is_sent_fits_and_has_no_field_that_is_not_described(file: Path) -> None:
    sent = json.loads(base.parse(file.read_bytes()).to_json())
    name = base.BY_TYPE[type_of(file)].__name__
    fits(sent, name)
    schemas = DOCUMENT["components"]["schemas"]
    assert set(sent) == set(schemas["CloudEvent"]["properties"])
    assert set(sent["data"]) == set(schemas[name]["properties"])


@pytest.mark.parametrize(
    ("where", "field", "value"),
    [
        ("event", "type", "members.v1.member_erased"),
        ("event", "source", "/madrina/members"),
        ("event", "id", "not an id"),
        ("event", "aggregateversion", 0),
        ("event", "data", None),
        ("data", "voucher_id", None),
        ("data", "side_ids", ["2f0a4d0e-6a3e-4b3a-9a57-0d4f0c2c9b11"]),
        ("data", "origin", "invented"),
    ],
)
def test_what_differs_from_the_contract_does_not_fit(where: str, field: str, value: Any) -> None:
    event = json.loads(events.confirmed().to_json())
    fits(event, "IntroductionConfirmed")
    changed = event if where == "event" else event["data"]
    if value is None:
        del changed[field]
    else:
        changed[field] = value
    with pytest.raises(ValidationError):
        fits(event, "IntroductionConfirmed")


def test_private_fields_are_marked_and_no_others() -> None:
    for kind in base.BY_TYPE.values():
        fields = DOCUMENT["components"]["schemas"][kind.__name__]["properties"]
        assert {name for name, field in fields.items() if field.get("x-private")} == PRIVATE_FIELDS.get(kind.type, set())
