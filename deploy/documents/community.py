"""docs/demo-community.md: where each state of each page is to be seen, written from the demo community's own table."""

import re
from collections.abc import Iterator

from deploy.local.community.people import PEOPLE
from deploy.local.community.state import State
from deploy.local.community.states import PAGES

_INTRO = """# Where each state is to be seen

Written by `make documents` from `deploy/local/community/states.py`; a test fails if it is out of date, and another signs in as each of
these women and looks.

Sign in with her name and `@madrina.test`; the code is in the mailbox. The ids of members, requests and introductions are other ones in each
run, so here they are names: `.madrina/community` has every whole address. It is so on the day on which the community was made.

- The landing, the door and the code are for visitors, and tell the story of Hannah, Carmen and Inés. A profile before it is there: sign in
  with any new address. Pilar is suspended: when she signs in, all that she finds is that.
- A newcomer's Today names whose link brought her if she came by one: let Marta open Carmen's page, signed out, and sign in from there.
- On the 31st of a month Catalina may ask like everyone: nobody is held to introductions for longer than 30 days from the 1st.
- Elena is the steward: sign in as her, add a passkey under *How you sign in*, and sign in with it; her page then leads to *The community*.
  What she settled stands at the foot of every page, and on Today until somebody dismisses it.
- Not here, but in the tests of the pages: errors; twenty open requests; trust that is *Mixed*, for which a moderator must uphold a report.

| page | state | sign in as | path | about |
|---|---|---|---|---|
"""
_NAMES = {person.key: person.name.split()[0] for person in PEOPLE}


def render() -> str:
    """The whole page."""
    return _INTRO + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for page, states in PAGES.items():
        for state in states:
            path = re.sub(r"\{\w+\}", "…", state.path)
            yield f"| {page} | {state.title} | {state.who} | `{path}` | {', '.join(_others(state))} |"


def _others(state: State) -> Iterator[str]:
    """Whom it is about, besides herself, in the order of the path."""
    for name in re.findall(r"\{(\w+)\}", state.path):
        yield from (_NAMES[key] for key in name.split("_") if key != state.who)
