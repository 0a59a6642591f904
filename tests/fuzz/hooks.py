"""What schemathesis is told of the community it meets: members to speak for, and ids of what is there. It loads this as a plain module."""

import json
import os
from itertools import count
from typing import Any
from uuid import UUID

import schemathesis

from shared.clock import machine_now
from shared.http.tokens import TokenSigner
from shared.ids import new_id

SERVICE = os.environ["FUZZ_SERVICE"]
ROLES = os.environ["FUZZ_ROLES"].split()
MEMBERS = [UUID(id_) for id_ in json.loads(os.environ["FUZZ_MEMBERS"])]
IDS: list[str] = json.loads(os.environ["FUZZ_IDS"])
"""Of whatever has one in the databases: most ids that are sent become one of these, else everything would be 404."""

_TURNS = count()
_signer = TokenSigner(os.environ["FUZZ_SIGNING_KEY"])


@schemathesis.auth(refresh_interval=20)
class MemberToken:
    """A good token of some member with these roles, who has shown her passkey just now."""

    def get(self, case: Any, context: Any) -> str:
        # Who leaves is one of few: else soon nobody would take part.
        members = MEMBERS[:2] if case.operation.path.startswith("/v1/me/leaving") else MEMBERS[2:] or MEMBERS
        who = members[next(_TURNS) % len(members)]
        return _signer.issue(who, SERVICE, roles=ROLES, auth_time=machine_now(), amr=["passkey"], sid=new_id())[0]

    def set(self, case: Any, data: str, context: Any) -> None:
        of_web = case.operation.definition.raw["security"] == [{"web": []}]
        case.headers["Authorization"] = f"Bearer {os.environ['FUZZ_WEB_KEY'] if of_web else self.get(case, context)}"


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
    if isinstance(sent, str) and len(sent) == 36 and _is_id(sent):
        # The same one for the same id, for the search must be able to do again what it did.
        chosen = UUID(sent).int
        return IDS[chosen // 5 % len(IDS)] if chosen % 5 else sent
    return sent


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
