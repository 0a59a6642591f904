"""The first line of an email to a woman she has just met: ours to suggest, hers to change. It quotes nobody's words."""

from urllib.parse import quote, urlencode

from services.web.i18n import N_, translate
from shared.contracts.http.base import Card
from shared.names import FIRST, LAST, first_name

ASKED = N_("%(her)s, %(voucher)s has introduced us, as I had hoped. Would you have an hour for me in the next two weeks?")
MET = N_("%(her)s, %(voucher)s says we should talk. I have an hour next week: when would it suit you?")
SUBJECT = N_("%(voucher)s introduced us")


def first_line(language: str, her: Card, voucher: Card, *, asked: bool) -> str:
    """A line to begin with; `asked`: it was the writer's wish to meet her."""
    return translate(language, ASKED if asked else MET, her=first_name(her.name), voucher=first_name(voucher.name))


def write_to(address: str, language: str, voucher: Card, line: str) -> str:
    """The link that opens her mail with an email to that address and the line in it; isolates are the page's own, and stay there."""
    filled = {"subject": translate(language, SUBJECT, voucher=first_name(voucher.name)), "body": line}
    plain = {name: text.replace(FIRST, "").replace(LAST, "") for name, text in filled.items()}
    return f"mailto:{quote(address, safe='@')}?{urlencode(plain, quote_via=quote)}"
