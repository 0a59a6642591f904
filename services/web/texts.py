"""The long texts: those that ship with the pages, one file a text and language, and what a steward wrote in their place. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from services.web.i18n import N_

TITLES: Mapping[str, tuple[str, str]] = {
    "help": (N_("How Madrina works"), N_("and how to get out of what you don't want.")),
    "about": (N_("About Madrina"), N_("and who runs it.")),
    "privacy": (N_("Privacy"), N_("What we know of you, and for how long.")),
    "terms": (N_("Terms"), N_("What you agree to, and what we do.")),
    "rules": (N_("Rules"), N_("How we treat each other here.")),
}
"""Each in two tones."""
REPLACED = ("terms", "rules")
"""What a steward writes stands in their place; after the others it is added. Help is about the pages, and so ships with them."""
FACTS: Mapping[str, int] = {
    "adult_years": 18,
    "appeal_days": 30,
    "asleep_months": 24,
    "barred_years": 2,
    "browser_days": 365,
    "code_minutes": 10,
    "event_days": 30,
    "grace_days": 7,
    "introduction_days": 14,
    "invitation_days": 14,
    "invitation_kept_days": 30,
    "letter_days": 30,
    "open_invitations": 3,
    "open_vouches": 5,
    "report_years": 2,
    "request_days": 30,
    "searches_an_hour": 30,
    "searches_hours": 2,
    "session_days": 180,
    "session_idle_days": 30,
}
"""The numbers that texts name; a test holds each to the rule that it is of, which the pages can't import. Of age there is no rule but her
word, and what she agrees to says this number."""

_HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>\n?', re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A heading with what follows it."""

    id: str
    heading: Markup
    body: Markup


def sections(html: str) -> tuple[Markup, list[Section]]:
    """What stands before the first heading, and the text heading by heading."""
    before, *parts = _HEADING.split(html)
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return Markup(before), [Section(id_, Markup(heading), Markup(body)) for id_, heading, body in triples]  # noqa: S704  (rendered by us)


def written(words: str) -> str:
    """What a steward wrote, as HTML: a line that begins with `##` is a heading, an empty line ends a paragraph."""
    html, number = [], 0
    for block in re.split(r"(?m)^(?=##)", words):
        heading, _, rest = block.partition("\n") if block.startswith("##") else ("", "", block)
        if heading:
            number += 1
            html.append(f'<h2 id="own-{number}">{escape(heading.strip("# "))}</h2>')
        html.append(paragraphs(rest))
    return "\n".join(html)


def paragraphs(words: str) -> Markup:
    """Plain text as HTML, an empty line between two paragraphs."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", words)]
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup("<br>").join(part.splitlines())) for part in parts if part)
