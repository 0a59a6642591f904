"""A form as it is shown: what she typed, what is wrong with it, and the key that makes a double submit one command."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.web import multipart, problems
from services.web.clients.http import ServiceProblem
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import Body, CommandRoute, routes_of, texts_of
from shared.http.problem_rendering import wrong_fields
from shared.problems import Invalid
from shared.text import Words

KEY_FIELD = "form_key"
OWNER_FIELD = "form_owner"
KEPT_FIELD = "kept"
"""What she wrote before her session was over, sealed, on its way through the sign-in."""

_KEY = re.compile(r"[0-9a-f-]{36}")
_KIND = "application/x-www-form-urlencoded"
_STRICTLY: Any = {"keep_blank_values": True, "errors": "strict", "max_num_fields": 60}
_MOST_SECONDS = 60
"""Until all of a form is here."""
PHOTO_PATH, LOGO_PATH = WITH_FILE = ("/photo", "/steward/logo")
"""Where forms with a file are sent."""

LENGTHS: Mapping[str, Words] = {
    name: words
    for module in MODULES
    for route in routes_of(module).values()
    if isinstance(route, CommandRoute) and route.body
    for name, words in texts_of(route.body).items()
}
"""What the forms say of each text's length, by the field's name."""


def new_key() -> str:
    """The key of a form that is shown for the first time."""
    return str(uuid4())


@dataclass(frozen=True)
class Form:
    """`values` and `errors` by field; `problem` is a sentence about the whole; `status` is the answer's.

    `owner` is the member for whom it was shown, `time_zone` hers. `sent` is everything as it came, including fields with several values.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=new_key)
    owner: UUID | None = None
    time_zone: str = "UTC"
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    status: int = 200
    sent: tuple[tuple[str, str], ...] = ()
    file: bytes = field(default=b"", repr=False)

    def value(self, name: str) -> str:
        """What she typed, or what is known."""
        return self.values.get(name, "")

    def all(self, name: str) -> list[str]:
        """Every value of a field that can have several."""
        return [value for sent, value in self.sent if sent == name]

    def under(self, name: str) -> dict[str, str]:
        """What she typed into the fields of which she has one for each woman, by her id."""
        return {field.removeprefix(f"{name}."): value for field, value in self.values.items() if field.startswith(f"{name}.")}

    @property
    def words(self) -> list[str]:
        """The texts she wrote, to read and to copy."""
        return [value for name, value in self.sent if name.partition(".")[0] in LENGTHS and value.strip()]

    def typed(self, body: type[Body]) -> dict[str, object]:
        """What she typed into the fields of that body, unchecked; a field she left out is empty."""
        return {name: self.value(name) for name in body.model_fields}

    def refusal_of(self, body: type[Body], *names: str) -> ServiceProblem | None:
        """What the service would refuse of these fields alone, in a body she hasn't filled in to its end; None if they are right."""
        try:
            body.model_validate(self.typed(body))
        except ValidationError as error:
            wrong = [dict(field) for field in wrong_fields(error) if field["field"] in names]
            return ServiceProblem(Invalid.status, Invalid.code, Invalid.sentence, wrong) if wrong else None
        return None

    def error(self, name: str) -> str:
        """What is wrong with the field, or an empty text."""
        return self.errors.get(name, "")

    def after(self, refusal: ServiceProblem, language: str) -> "Form":
        """The same form with the reason beside its fields; its key is new, for the next try is another command.

        Raises the refusal if it says that what the form is about isn't there.
        """
        if refusal.status == 404:
            raise refusal
        errors = problems.fields(refusal, language)
        problem = problems.sentence(refusal, language, self.time_zone)
        return replace(self, key=new_key(), errors=errors, problem=problem, status=refusal.status)

    def said_at(self, *names: str) -> "Form":
        """The same form; if what is wrong is said at these fields, all that the page has, nothing is said of the whole."""
        return replace(self, problem=None) if any(map(self.error, names)) else self

    def with_errors(self, sentence: str, **errors: str) -> "Form":
        """The same form with sentences of the page's own."""
        return replace(self, key=new_key(), errors=errors, problem=sentence, status=422)


async def posted(request: Request) -> Form:
    """The form as it was sent; of a field sent several times `value` is the last. Raises HTTPException (400) if no page of ours sent it.

    Read strictly: bytes that aren't UTF-8 would become marks that nobody wrote.
    """
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            body, kind = await request.body(), request.headers.get("content-type", "")
    except TimeoutError as error:
        raise HTTPException(408) from error
    with_file = request.url.path in WITH_FILE and kind.startswith("multipart/")
    if body and not with_file and kind.partition(";")[0].strip().lower() != _KIND:
        raise HTTPException(400)
    try:
        fields, file = multipart.read(kind, body) if with_file else (parse_qsl(body.decode(), **_STRICTLY), b"")
        sent = tuple(fields)
        values = dict(sent)
        owned = values.pop(OWNER_FIELD, "")
        owner = UUID(owned) if owned else None
    except ValueError as error:
        raise HTTPException(400) from error
    key = values.pop(KEY_FIELD, "")
    own = tuple(pair for pair in sent if pair[0] not in {KEY_FIELD, OWNER_FIELD})
    return Form(values=values, key=key if _KEY.fullmatch(key) else new_key(), owner=owner, sent=own, file=file)
