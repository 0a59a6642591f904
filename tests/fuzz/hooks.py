"""What schemathesis is told of the community it meets: members to speak for, and ids of what is there. It loads this as a plain module."""

import json
import os
import random
from typing import Any
from uuid import UUID

import schemathesis

from shared.http.tokens import TokenSigner

SERVICE = os.environ["FUZZ_SERVICE"]
MEMBERS = [UUID(id_) for id_ in json.loads(os.environ["FUZZ_MEMBERS"])]
IDS: list[str] = json.loads(os.environ["FUZZ_IDS"])
"""Of members, requests and introductions: most ids that are sent become one of these, else everything would be 404."""

_signer = TokenSigner(os.environ["FUZZ_SIGNING_KEY"])


@schemathesis.auth(refresh_interval=20)
class MemberToken:
    """A good token of some member."""

    def get(self, case: Any, context: Any) -> str:
        return _signer.issue(random.choice(MEMBERS), SERVICE)[0]

    def set(self, case: Any, data: str, context: Any) -> None:
        # The web's own calls take its key.
        of_web = case.operation.path.startswith(("/v1/sign-in", "/v1/sessions"))
        case.headers["Authorization"] = f"Bearer {os.environ['FUZZ_WEB_KEY'] if of_web else data}"


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    return _known(path_parameters)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    return _known(query)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    return _known(body)


def _known(sent: Any) -> Any:
    # Only what is an id becomes another: what is wrong on purpose stays wrong.
    if isinstance(sent, dict):
        return {name: _known(value) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_known(value) for value in sent]
    return random.choice(IDS) if isinstance(sent, str) and len(sent) == 36 and _is_id(sent) and random.random() < 0.8 else sent


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
