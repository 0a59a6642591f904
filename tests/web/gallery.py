"""Every page that the product can show, as HTML: walked over its own links and forms, so that a new page needs no entry here.

Every run gives the same pages under the same names: it is always the same Tuesday, and ids of members follow from their names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit
from uuid import UUID, uuid4

import httpx

from services.web.assets import FOLDER
from services.web.clients.members import Members
from services.web.session import SENDER
from services.web.tokens import Tokens
from shared.contracts.http.requests.introduction_problems import CannotAsk
from tests.web.conftest import Browser, Community, Forms
from tests.web.fake_addresses import ADDRESS_CODE
from tests.web.fake_contests import ANSWER, new_contest, new_word
from tests.web.fake_joining import new_join_request
from tests.web.fake_moderation import new_case, new_notice, new_public_notice
from tests.web.fake_needs import new_need
from tests.web.fake_reach import NEVER_ASKED
from tests.web.fake_requests import new_introduction, new_request
from tests.web.fake_world import A_TUESDAY, at, later
from tests.web.scenes import CORRECTION, STOCK, VAGUE, WHY, WORDS, Trio, trio

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MARK = re.compile(r'<svg class="mark m.*?</svg>|<img class="mark".*?>', re.DOTALL)
_TEXT = re.compile(r">[^<]*[^<\s][^<]*<")
_FILLED = re.compile(r'\b(href|src|action|value|content|datetime|alt|title|placeholder|nonce|aria-label)="[^"]+"')
_PER_ROUTE = 9
"""Pages of one route that are opened for one woman; the lists behind them repeat themselves."""
_ALIKE = re.compile(r"/m/…/(report|block)\b")
"""Of these two are enough: they differ by whom they are about."""


@dataclass(frozen=True)
class Shown:
    """A page as it was answered."""

    name: str
    """How one comes by it."""
    page: str
    """Which page it is: `introduction-side`."""
    state: str
    """And what it shows: `introduction-side-vouched`."""
    file: str
    """And to whom, for a picture of it: `introduction-side-vouched-asker`."""
    language: str
    status: int
    html: str

    @property
    def built(self) -> str:
        """Its HTML without what differs from member to member: texts, marks, her ids, and what fields hold.

        What fields are called and what labels stand for stays: it decides where Tab stops and what is read out.
        """
        without_marks = _ID.sub("id", _MARK.sub("<mark>", self.html))
        return _FILLED.sub(r'\1="filled"', _TEXT.sub(">text<", without_marks))


class Renders(Protocol):
    """What makes pages of templates."""

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The page as HTML."""


class Watching:
    """Renders, and remembers what."""

    def __init__(self, pages: Renders) -> None:
        self._pages = pages
        self.used: set[str] = set()
        self.last: tuple[str, Mapping[str, Any]] = "", {}

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The page as HTML."""
        self.used.add(template)
        self.last = template, context
        return self._pages.render(language, template, context)


TOLD = (
    *("state", "relation", "my_answer", "kind_answer", "clarifying_question", "clarifying_answer"),
    *("in_touch", "my_outcome", "kept", "connected", "went_well", "first", "cannot_vouch"),
)
"""What tells two states of a page apart, in what its template was given."""


def called(template: str, context: Mapping[str, Any], scene: str, status: int) -> tuple[str, str, str]:
    """The page's name, with its state, and that of its picture, which says who sees it and what she did."""
    page = _slug(template.removesuffix(".html").removeprefix("errors/"), context.get("step", ""))
    about = [value for name, value in context.items() if name != "visit"]
    found = [(word, getattr(value, word, None)) for value in about for word in TOLD]
    words = dict.fromkeys(str(value) if isinstance(value, str) and "clarifying" not in word else word for word, value in found if value)
    state = _slug(page, *words)
    who, _, sends = scene.partition(" sends")
    done = bool(context) and bool(context["visit"].done)
    became = ["done"] if done else ["refused"] if status == 422 else ["sent"] if sends and status < 400 else []
    return page, state, _slug(state, *([] if _slug(who) in state else [who]), *became)


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")


class Gallery:
    """Collects pages; those that differ by names and ids alone count as one."""

    def __init__(self, community: Community, language: str, watching: Watching) -> None:
        self.community, self._language, self._watching = community, language, watching
        self._found: dict[str, Shown] = {}
        self._files: Counter[str] = Counter()

    @property
    def language(self) -> str:
        """The readers'."""
        return self._language

    @property
    def pages(self) -> list[Shown]:
        """What was collected."""
        return list(self._found.values())

    def keep(self, name: str, answer: httpx.Response) -> None:
        """Collect it if it is a page that isn't there yet."""
        if answer.headers.get("content-type", "").startswith("text/html"):
            essence = f"{answer.status_code} {self._essence(answer.text)}"
            if essence in self._found:
                return
            path, status = _ID.sub("…", str(answer.url.path)), answer.status_code
            page, state, file = called(*self._watching.last, name, status)
            self._files[file] += 1
            if self._files[file] > 1:
                file = f"{file}-{self._files[file]}"
            self._found[essence] = Shown(f"{self._language} {name} {path} {status}", page, state, file, self._language, status, answer.text)

    def _essence(self, html: str) -> str:
        names = sorted((row["profile"]["name"] for row in self.community.world.members.values() if row["profile"]), key=len, reverse=True)
        for name in [*names, *(name.split()[0] for name in names)]:
            html = html.replace(name, "…")
        return _ID.sub("…", _MARK.sub("", html))

    async def walk(self, name: str, browser: Browser) -> None:
        """Follow every link from the start, then send every form as it stands, which most of them refuse."""
        forms: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
        opened: dict[str, int] = {}
        waiting = ["/"]
        for path in waiting:  # grows
            route = _ID.sub("…", path)
            if opened.get(route, 0) >= (2 if _ALIKE.match(route) else _PER_ROUTE):
                continue
            opened[route] = opened.get(route, 0) + 1
            answer = await browser.http.get(path, follow_redirects=True)
            self.keep(name, answer)
            waiting += [link for link in _links(answer) if link not in waiting]
            for action, hidden in Forms(answer.text).forms:
                decision = hidden.get("decision", "")
                # One block is enough: with each the pages that are left are fewer.
                forms.setdefault((_ID.sub("…", action) if decision == "block" else action, decision), (action, hidden))
        # What changes nothing first: forms with something to fill in are refused, decisions are not.
        for action, hidden in sorted(
            forms.values(), key=lambda form: (form[0] == "/sign-out", "decision" in form[1], _ID.sub("…", form[0]))
        ):
            self.keep(f"{name} sends", await browser.post(action, hidden))


def _links(answer: httpx.Response) -> Iterator[str]:
    for href in re.findall(r'<a (?![^>]* download)[^>]*href="([^"]+)"', answer.text):
        url = urlsplit(urljoin(str(answer.url), href.replace("&amp;", "&")))
        if url.netloc == answer.url.host:
            yield url.path + (f"?{url.query}" if url.query else "")


async def gallery(community: Community, language: str, watching: Watching) -> list[Shown]:
    """Every page of a full and of an empty community, in that language: lists, forms, forms refused, errors."""
    with at(A_TUESDAY):
        return await _gallery(Gallery(community, language, watching), language)


async def _gallery(found: Gallery, language: str) -> list[Shown]:
    community = found.community
    visitor, newcomer, joining = community.visitor(language), community.woman("Ximena Arriaga", language)[1], _joining(community, language)
    three = _peopled(community, language)
    found.keep("visitor", await visitor.get("/"))
    await _errors(found, three, visitor)
    await _days(found, language)
    if language == "en":
        found.keep("design", await visitor.get("/design"))
    await found.walk("visitor", visitor)
    await _sign_in(found, visitor)
    await _inviting(found, three)
    await _asking_to_join(found, three)
    await _moments(found, three, language)
    await _keeping(found, three)
    await _looking_for(found, three)
    await _moderated(found, three, visitor)
    await _signing_in_again(found, three)
    await _ways(found, three)
    await _safety(found, three)
    await _new_terms(found, three)
    await _stewarding(found, three)
    _suggest(three)
    community.world.photos |= dict.fromkeys([three.andrea, three.lucia], b"drawn by the window")
    women = {"voucher": three.voucher, "asker": three.asker, "counterpart": three.counterpart, "newcomer": newcomer, "joining": joining}
    for name, browser in women.items():
        connections = dict(community.world.connections)
        await found.walk(name, browser)
        community.world.connections.update(connections)  # whom one let go, or blocked, is there for the next
        community.world.blocked.clear()
        community.world.blocks.clear()
    return found.pages


async def _new_terms(found: Gallery, three: Trio) -> None:
    """What comes first once a steward has published terms, on its own and in the way of what she sends; and these terms."""
    world, path = found.community.world, f"/introductions/{three.introduction()['id']}/vouch"
    words, changes = "## La palabra\n\nQuien presenta, responde.\n\nUna vez por todas.", "Una frase sobre la palabra."
    page = await three.voucher.get(path)
    world.texts["terms", 2] = {"words": {"es": words}, "changes": {"es": changes}, "published_at": later(-3)}
    world.community["terms_version"] = 2
    found.keep("new terms", await three.asker.get("/agree"))
    found.keep("new terms", await three.voucher.send(page, path, True, **{f"words_for.{three.lucia}": WORDS}))
    for version in ("", "?version=1"):
        found.keep("new terms", await three.asker.get(f"/terms{version}"))
    world.texts.clear()
    world.community["terms_version"] = 1


def _appoint(found: Gallery, member_id: UUID, *roles: str) -> None:
    """From her next page on, though a token that says otherwise is still good."""
    found.community.world.roles[member_id] = list(roles)
    state = found.community.app.state
    state.tokens = Tokens(Members(state.services["members"]))


async def _stewarding(found: Gallery, three: Trio) -> None:
    """The steward's page with a log, a text to write, what is refused, and what members read on Today."""
    world = found.community.world
    _appoint(found, three.marisol, "steward")
    day, words = later(0).date(), {"es": "El viernes nos vemos en la biblioteca, a las siete. Trae a quien te trajo."}
    said = {"number": 3, "words": words, "first_day": str(later(-1).date()), "last_day": str(later(1).date())}
    log = [
        ("who_may_join", "open", "by_request"),
        ("name", "", "Asociación Madrina, Valencia"),
        ("announcement", "", f"{day}: {words['es']}"),
    ]
    lines = [
        {"at": later(-place), "by_id": by, "what": what, "before": before, "after": after}
        for place, (by, (what, before, after)) in enumerate(zip((three.marisol, None, three.lucia), log, strict=True))
    ]
    steps = ("invited", "joined", "profile", "request", "introduction", "vouch")
    months = [
        {"month": f"2026-{month:02}-01", "counts": dict(zip(steps, (1240 + month, 980, "about_as_many", 411, 12, "few"), strict=True))}
        for month in range(10, 0, -1)
    ]
    world.community |= {
        "name": "Asociación Madrina, Valencia",
        "version": 3,
        "announcement": said,
        "changes": lines,
        "months": months,
        "logo": "0123456789abcdef",
    }
    world.logo = (FOLDER / "touch-icon.png").read_bytes()
    found.community.app.state.community.forget()
    page = await three.voucher.get("/steward")
    found.keep("steward", page)
    found.keep("steward", await three.voucher.send(page, "/steward", True, decision="settle", version="1", who_may_join="open"))
    page = await three.voucher.get("/steward/terms")
    found.keep("steward", page)
    found.keep("steward", await three.voucher.send(page, "/steward/terms", True, whole_en="", whole_es=WORDS))
    found.keep("announced", await three.asker.get("/"))
    world.community = {"who_may_join": "open"}
    world.roles.clear()
    found.community.app.state.community.forget()


async def _days(found: Gallery, language: str) -> None:
    """Today of newcomers, and on days when little goes on."""
    community, world = found.community, found.community.world
    requests: dict[str, Any] = {"how_met": "event", "where_we_met": "At the data workshop in Oaxaca", "why_now": WHY}
    lines = {"headline": "Cuentas claras", "organisation": "Cooperativa", "place": "Quito"}
    carmen, ines = world.add("Carmen Vidal", headline="Energía para barrios"), world.add("Inés Aguirre", headline="Arquitecta")

    async def day(
        scene: str, *connections: UUID, asks: bool = False, asked: bool = False, whole: bool = False, proposed: float = 0, **suggests: Any
    ) -> None:
        her, browser = community.woman(f"Ximena {scene}", language, **(lines if whole else {}))
        browser.http.cookies.set(SENDER, str(carmen), domain="madrina.test")
        for other in connections:
            world.connect(her, other)
        world.suggestions[her] = suggests
        if asks:
            new_request(world, her, carmen, **requests)
        if asked:
            new_request(world, ines, her, **requests)
        if proposed:
            words = {"words_for": {her: WORDS}, "vouched_at": later(-proposed - 1), "confirmed_at": later(-proposed)}
            new_introduction(world, carmen, [her, ines], None, **words)
        found.keep(scene, await browser.get("/"))

    await day("by-link")
    await day("has-asked", asks=True)
    await day("is-asked", asked=True)
    both = [world.card(carmen), world.card(ines)]
    await day("quiet-pair", carmen, ines, introduce={"sides": both, "met_at": "Cierzo"})
    await day("quiet-might-know", carmen, might_know=[{"member": both[1], "met_at": "", "through": both[0]}])
    await day("quiet-line", carmen)
    await day("quiet-link", carmen, whole=True)
    await day("under-way", carmen, asks=True)
    await day("introduced", carmen, proposed=6)
    await day("how-it-went", carmen, proposed=22)
    await _what_may_reach_her(found, language, carmen)


async def _what_may_reach_her(found: Gallery, language: str, other: UUID) -> None:
    """What she is asked once, her page of it with a pause and a list, and what Today says of pauses."""
    world = found.community.world
    her, browser = found.community.woman("Ximena pauses", language)
    world.connect(her, other)
    found.keep("joining", await browser.get("/joining"))
    world.offered_pauses.add(her)
    found.keep("pause offered", await browser.get("/"))
    world.offered_pauses.clear()
    exclusions = [
        {"id": uuid4(), "member": world.card(other), "organisation": ""},
        {"id": uuid4(), "member": None, "organisation": "Instituto de Investigaciones Oceanográficas"},
    ]
    question = {"bar": "introduced", "question": "¿Qué parte de mi trabajo te trae por aquí?"}
    world.reach[her] = {**NEVER_ASKED, **question, "exclusions": exclusions, "paused_from": later(1), "paused_until": later(15)}
    found.keep("pause planned", await browser.get("/"))
    world.reach[her]["paused_from"] = later(-1)
    found.keep("paused", await browser.get("/"))
    world.groups[her] = "Promoción 2024 de la Escuela de Ingeniería"
    found.keep("paused", await browser.get("/reach"))
    found.keep("paused", await browser.get(f"/m/{other}"))
    world.reach[her].update(paused_until=None, version=3)
    page = await browser.get("/reach")
    found.keep("changed elsewhere", await browser.send(page, "/reach", True, version="2", bar="anyone"))


def _joining(community: Community, language: str, name: str = "Nora") -> Browser:
    member_id, browser = community.woman(name, language)
    community.world.members[member_id]["profile"] = None
    return browser


async def _sign_in(found: Gallery, visitor: Browser) -> None:
    page = await visitor.get("/sign-in?next=/m/somebody")
    found.keep("sign-in", page)
    code = await visitor.send(page, "/sign-in", True, email="nora.quintanilla@correo.example.test")
    found.keep("sign-in", code)
    found.keep("sign-in", await visitor.send(code, code.url.path, True, code="1234 5678"))


async def _inviting(found: Gallery, three: Trio) -> None:
    """Her invitations, with women who came by them; and one as whoever opens it sees it, while it works and afterwards."""
    world = three.community.world
    for name, sanctioned in (("Noemí Prado", False), ("Olga Rey", True)):
        world.invited.append((three.marisol, {"id": world.add(name), "name": name, "sanctioned": sanctioned}))
    found.keep("voucher", await three.voucher.get("/invite"))
    world.by_letter = True
    page = await three.voucher.get("/invite")
    found.keep("voucher by letter", page)
    found.keep("voucher by letter", await three.voucher.send(page, "/invite/letter", True, email="nobody"))
    world.by_letter = False
    for state in ("one open", "two open", "three open"):
        await three.voucher.send(await three.voucher.get("/invite"), "/invite")
        found.keep(f"voucher {state}", await three.voucher.get("/invite"))
    opened = three.community.visitor(found.language)
    for token in (next(iter(world.invitations.values()))["token"], "gone"):
        found.keep("invited", await opened.get(f"/i/{token}"))


async def _asking_to_join(found: Gallery, three: Trio) -> None:
    """Joining by request, for whoever asks, for the member whom she named, and a moderator."""
    world = three.community.world
    world.community = {"who_may_join": "by_request"}
    three.community.app.state.community.forget()
    found.keep("visitor", await three.community.visitor(found.language).get("/join"))
    browser = _joining(three.community, found.language, "Xóchitl Prado")
    page = await browser.get("/join")
    found.keep("asks", page)
    found.keep("asks", await browser.send(page, "/join", True, name="Xóchitl", about=WHY))
    found.keep("asks", await browser.send(page, "/join", True, name="Xóchitl", about=WHY, adult="yes", terms="1"))
    [row] = world.join_requests.values()
    for let_in in (None, False, True):
        row["let_in"] = let_in
        found.keep("asks", await browser.get("/join"))
    for recommends in (None, True):
        new_join_request(world, "Wilhelmina Oyelaran-Prescott", named=three.marisol, recommends=recommends)
    found.keep("voucher", await three.voucher.get("/invite"))
    _appoint(found, three.marisol, "moderator")
    found.keep("moderator", await three.voucher.get("/moderation/joining"))
    for decision, request in zip(("let_in", "not_now"), list(world.join_requests)[1:], strict=True):
        path = f"/moderation/joining/{request}"
        found.keep("moderator", await three.voucher.post(path, {"answer": decision}))
    _appoint(found, three.marisol)
    world.join_requests.clear()
    world.community = {"who_may_join": "open"}
    three.community.app.state.community.forget()


def _peopled(community: Community, language: str) -> Trio:
    """The three, with something in every state between them, and more of everything than one page shows."""
    world, three = community.world, trio(community, language)
    profile = world.members[three.lucia]["profile"]
    profile.update(organisation="Centro de salud comunitaria", place="Guadalajara", languages=["en", "es", "pt", "ga"])
    others = [world.add(name, headline=headline) for name, headline in OTHERS]
    requests: dict[str, Any] = {"how_met": "neighbourhood", "where_we_met": "At the neighbourhood assembly in Mérida", "why_now": WHY}
    met = {**requests, "how_met": "community", "met_at": "Asamblea de Barrios de Mérida", "asks_for": "twenty_minutes"}
    met |= {"recipient_question": "What would you ask the council first?", "requester_answer": "Whether the clinic may use the hall."}
    new_request(world, three.lucia, others[3], **met)
    new_request(world, others[3], three.andrea, **met)
    for place, state in enumerate(("pending", "accepted", "declined", "withdrawn", "expired")):
        new_request(world, others[place], three.lucia, **requests, state=state)
        new_request(world, three.lucia, others[place], **requests, state=state)
    three.introduction()
    three.introduction(cannot_vouch="know_both_better")
    three.introduction(said={three.lucia: "confirmed", three.marisol: "declined"})
    three.vouched(show_why_her=True)
    three.vouched(said={three.lucia: "confirmed", three.andrea: "passed"})
    for said in ({}, {three.lucia: "confirmed"}, {three.lucia: "passed"}):
        three.vouched(why_her=None, said=said).update(asker=None, origin="proposed")
    three.introduction(said={three.lucia: "confirmed", three.marisol: "declined"}, kind_answer="read_it", closed=True)
    three.vouched(long_ago=[three.lucia, three.andrea])
    three.vouched(closed=True, reason="too_quickly")
    three.vouched(corrections={three.andrea: {"text": CORRECTION, "corrected": False}})
    three.vouched(corrections={three.lucia: {"text": CORRECTION, "corrected": True}}, corrected_at=later(-0.2), said={})
    three.confirmed()
    three.confirmed(confirmed_at=later(-22))
    three.vouched(closed=True)
    well = three.confirmed(went_well=True)
    for side in (three.lucia, three.andrea):
        world.outcomes[well["id"], side] = {"answer": "worthwhile", "thank_you": "Gracias, Marisol: nos ahorró meses."}
    new_introduction(world, others[0], [three.marisol, others[1]], None, vouched_at=later(-1), words_for={three.marisol: WORDS})
    for other in [*others, *(world.add(f"Guadalupe {number}") for number in range(50))]:
        world.connect(three.marisol, other)
        new_request(world, other, three.marisol, **requests)
    return three


OTHERS = [
    ("María del Carmen Fernández", "Responsable de comunicaciones y sostenibilidad"),
    ("Wilhelmina Oyelaran-Prescott", "Telecommunications policy, environmental engineering"),
    ("Ana", ""),
    ("Magdalena Christodoulopoulou", "Administradora de infraestructuras"),
    ("Siobhán Ní Fhloinn", "Mathematics education"),
]


async def _moments(found: Gallery, three: Trio, language: str) -> None:
    """What comes to her once, or for a while."""
    world = found.community.world
    for name, told in (("first vouch", "vouched_at"), ("thank-you", "went_well")):
        row = next(row for row in world.introductions.values() if row[told])
        found.keep(name, await three.voucher.get(f"/introductions/{row['id']}"))
    row = next(row for row in world.introductions.values() if row["corrections"] and not row["corrected_at"])
    found.keep("voucher", await three.voucher.get(f"/introductions/{row['id']}/words"))
    not_yet = {"in_touch": "not_yet", "confirmed_at": later(-6)}
    for change in ({"unheard": True, "confirmed_at": later(0)}, {"settled": True}, {"confirmed_at": later(-6)}, not_yet):
        row = three.confirmed(**change)
        found.keep("met", await three.asker.get(f"/introductions/{row['id']}"))
        del world.introductions[row["id"]]
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    asked_back = new_request(world, three.lucia, three.andrea, **words, clarifying_question="¿A cuál de las dos clínicas te refieres?")
    path = f"/connection-requests/{asked_back['id']}"
    for answer in (None, "A la de Mérida. Estaba sentada junto a la ventana."):
        asked_back["clarifying_answer"] = answer
        for name, woman in (("asker", three.asker), ("counterpart", three.counterpart)):
            for page in ("/", path, *([] if answer or name != "asker" else [f"{path}/question"])):
                found.keep(name, await woman.get(page))
    del world.requests[asked_back["id"]]
    unknown = new_request(world, three.lucia, three.andrea, **words, state="declined", unknown=True)
    found.keep("counterpart", await three.counterpart.get(f"/connection-requests/{unknown['id']}"))
    del world.requests[unknown["id"]]
    world.introductions_only[three.lucia] = later(20)
    found.keep("introductions only", await three.asker.get("/"))
    world.introductions_only.clear()
    world.gone[three.lucia] = ["Berta Zabala"]
    found.keep("one is gone", await three.asker.get("/"))
    world.gone.clear()
    kindly = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY, "state": "declined", "kind_answer": "read_it"}
    path = f"/connection-requests/{new_request(world, three.lucia, three.andrea, **kindly)['id']}"
    found.keep("asker", await three.asker.get(path))
    found.keep("counterpart", await three.counterpart.get(path))
    del world.requests[UUID(path.rpartition("/")[2])]
    nora, browser = found.community.woman("Nora Haddad", language)
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY, "state": "accepted"}
    request = new_request(world, nora, three.marisol, **words)
    world.connect(nora, three.marisol)
    found.keep("first connection", await browser.get(f"/connection-requests/{request['id']}"))
    for her in (three.lucia, three.andrea):
        world.connections[three.marisol, her]["quiet"] = True
    found.keep("gone quiet", await three.voucher.get("/connections/tidy"))
    removed = new_request(world, three.lucia, world.add("Olga Prat"), **{**words, "state": "removed"})
    found.keep("let go", await three.asker.get(f"/connection-requests/{removed['id']}"))
    both = {three.lucia: WORDS, three.andrea: WORDS}
    vouched = new_introduction(world, nora, [three.lucia, three.andrea], None, vouched_at=later(0), words_for=both)
    found.keep("first vouch", await browser.get(f"/introductions/{vouched['id']}"))


async def _keeping(found: Gallery, three: Trio) -> None:
    """Each way in which the two may keep each other, and what they read of it where they are connected."""
    world = found.community.world
    for keeps in ((), (three.lucia,), (three.lucia, three.andrea)):
        row = three.confirmed(confirmed_at=later(-22), keeps=dict.fromkeys(keeps, "know_well"))
        world.outcomes[row["id"], three.lucia] = {"answer": "worthwhile"}
        found.keep("keeping", await three.asker.get(f"/introductions/{row['id']}"))
        if not keeps:
            found.keep("keeping", await three.asker.post(f"/introductions/{row['id']}/keep", {}))
        del world.introductions[row["id"]]
    world.connect(three.lucia, three.andrea, where="")
    for introduced_by in (None, world.card(three.marisol)):
        world.connections[three.lucia, three.andrea]["introduced_by"] = introduced_by
        found.keep("introduced", await three.asker.get(f"/connections/{three.andrea}"))
    del world.connections[three.lucia, three.andrea], world.connections[three.andrea, three.lucia]


async def _looking_for(found: Gallery, three: Trio) -> None:
    """An ask by need, as each of the three meets it."""
    world, looking_for = (
        found.community.world,
        "Una mujer que haya abierto una sucursal en México y quiera contarme qué haría de otro modo.",
    )
    for state in ("open", "declined", "answered", "met", "withdrawn", "closed"):
        words = {"words_for": {three.lucia: WORDS, three.andrea: WORDS}, "vouched_at": later(-1), "answers_need": True}
        made = new_introduction(world, three.marisol, [three.lucia, three.andrea], None, why_her=looking_for, show_why_her=True, **words)
        row = new_need(world, three.lucia, three.marisol, looking_for=looking_for, state=state, introduction_id=made["id"])
        for name, woman in (("asker", three.asker), ("voucher", three.voucher)):
            found.keep(name, await woman.get(f"/needs/{row['id']}"))
            if state == "open":
                found.keep(name, await woman.get("/"))
        if state == "open":
            for page in ("propose", f"propose/{three.andrea}"):
                found.keep("needs", await three.voucher.get(f"/needs/{row['id']}/{page}"))
            found.keep("needs", await three.voucher.post(f"/needs/{row['id']}/propose/{three.andrea}", {}))
        if state == "met":
            for name, woman in (("asker", three.asker), ("voucher", three.voucher), ("counterpart", three.counterpart)):
                found.keep(f"{name} by need", await woman.get(f"/introductions/{made['id']}"))
        del world.introductions[made["id"]], world.needs[row["id"]]
    found.keep("needs", await three.asker.get(f"/m/{three.marisol}/need"))
    found.keep("needs", await three.asker.post(f"/m/{three.marisol}/need", {}))
    world.relations[three.lucia, three.marisol] = {"cannot_ask": {"code": "cannot_ask"}}
    found.keep("needs", await three.asker.get(f"/m/{three.marisol}/need"))
    del world.relations[three.lucia, three.marisol]


async def _moderated(found: Gallery, three: Trio, visitor: Browser) -> None:
    """A case as a moderator works on it, and each decision as the member reads it."""
    world = found.community.world
    _appoint(found, three.marisol, "moderator")
    decided = {"kind": "suspend", "until": None, "acknowledged_at": later(-1), "decided_at": later(-40), "appeal_until": None}
    row = new_case(
        world, three.lucia, three.andrea, earlier=[new_notice(world, three.andrea, **decided)], others=[world.card(three.andrea)]
    )
    path = f"/moderation/cases/{row['id']}"
    pages = ("/moderation", "/moderation/log", path)
    for page in pages:
        found.keep("moderator", await three.voucher.get(page))
    for fields in ({"do": "take"}, {"do": "note", "note": "I have asked her for the emails."}, {"do": "note"}):
        found.keep("moderator", await three.voucher.post(path, fields))
    found.keep("moderator", await three.voucher.get(f"{path}/decision"))
    found.keep("moderator", await three.voucher.post(f"{path}/decision", {"kind": "suspend", "rule": "respect", "reasons": "No."}))
    row.update(state="appealed", appeal=WHY)
    found.keep("moderator", await three.voucher.get(path))
    world.cases.clear()
    found.keep("moderator", await three.voucher.get("/moderation"))
    found.keep("moderator", await three.voucher.get("/moderation/notices"))
    notice = new_public_notice(world, case_id=row["id"])
    path, receipt = f"/moderation/notices/{notice['id']}", f"/notice/{notice['id'].hex}"
    found.keep("moderator, others wait", await three.voucher.get("/moderation"))
    for page in ("/moderation/notices", path):
        found.keep("moderator", await three.voucher.get(page))
    found.keep("moderator", await three.voucher.post(path, {"reply": "No."}))
    found.keep("receipt", await visitor.get(receipt))
    notice.update(reply=WHY, answered_at=later(0))
    found.keep("moderator, answered", await three.voucher.get(path))
    found.keep("receipt, answered", await visitor.get(receipt))
    world.public_notices.clear()
    found.keep("moderator", await three.voucher.get("/moderation/circles"))
    cards = [world.card(member) for member in (three.lucia, three.andrea)]
    world.circles += [
        {"members": cards, "gone": 0, "introductions": 1, "since": later(-3)},
        {"members": cards[:1], "gone": 2, "introductions": 14, "since": later(-70)},
    ]
    found.keep("moderator, circles", await three.voucher.get("/moderation/circles"))
    world.circles.clear()
    for kind in ("dismiss", "change", "limit", "suspend", "remove", "hold"):
        field, until = "headline" if kind == "change" else None, None if kind in ("dismiss", "suspend", "remove") else later(9)
        notice = new_notice(world, three.lucia, kind=kind, field=field, until=until)
        found.keep(f"notice, {kind}", await three.asker.get(f"/notices/{notice['id']}"))
        notice["acknowledged_at"] = later(0)
    path = f"/notices/{notice['id']}"
    for page in ("/notices", f"{path}/appeal"):
        found.keep("notices", await three.asker.get(page))
    found.keep("notices", await three.asker.post(f"{path}/appeal", {"appeal": "No."}))
    found.keep("notices", await three.asker.post(f"{path}/appeal", {"appeal": WHY}))
    world.members[three.lucia]["suspended"] = True
    found.keep("suspended", await three.asker.get("/notices"))
    world.members[three.lucia]["suspended"] = False
    world.notices.clear()
    await _contested(found, three)
    _appoint(found, three.marisol)
    found.keep("everyone", await three.voucher.get("/transparency"))


async def _contested(found: Gallery, three: Trio) -> None:
    """A line that she contests, what a moderator reads of it, and the answer as each of them reads it."""
    world, path = found.community.world, "/ledger/contest"
    found.keep("contesting", await three.asker.get(f"{path}?line=good"))
    found.keep("contesting", await three.asker.post(path, {"line": "good", "objection": "No."}))
    found.keep("contests", await three.voucher.get("/moderation/contests"))
    sides = (three.andrea, three.marisol)
    words = [
        new_word(world, 9, three.lucia, three.andrea, *sides, value="bad", shows=False),
        new_word(world, 8, three.lucia, None, *sides, excluded_at=later(-9), reason=WHY),
        new_word(world, 7, three.lucia, None, role="report", value="bad"),
        new_word(world, 6, three.andrea, three.lucia, role="vouch"),
    ]
    row, other = new_contest(world, three.lucia, words=words), new_contest(world, three.andrea, line="upheld")
    contest = f"/moderation/contests/{row['id']}"
    for page in ("/moderation", "/moderation/contests", contest, f"/moderation/contests/{other['id']}"):
        found.keep("contests", await three.voucher.get(page))
    found.keep("contests", await three.voucher.post(contest, {"exclude": "9", "answer_to_her": ANSWER}))
    for page in ("/ledger", path, f"/ledger/contests/{row['id']}"):
        found.keep("contested", await three.asker.get(page))
    row.update(answer=ANSWER, decided_at=later(0))
    words[0].update(excluded_at=later(0), reason=WHY)
    found.keep("contests, answered", await three.voucher.get(contest))
    for page in ("/ledger", f"/ledger/contests/{row['id']}"):
        found.keep("contested, answered", await three.asker.get(page))
    world.contests.clear()


async def _signing_in_again(found: Gallery, three: Trio) -> None:
    """A passkey offered, among others, and before it is removed; and that she shows that it is her."""
    made = uuid4()
    found.community.world.passkeys[three.lucia] = [{"id": made, "label": "My phone", "added_at": later(-9), "used_at": later(-1)}]
    for path in ("/me/passkey", "/me/signing-in", f"/me/passkeys/{made}/remove", "/step-up"):
        found.keep("signed in", await three.asker.get(path))
    found.keep("how it went", await three.asker.get(f"/introductions/{three.confirmed()['id']}/outcome"))
    await _addresses(found, three)


async def _addresses(found: Gallery, three: Trio) -> None:
    """One address, another for introductions, each while it waits for its code; and what the letter to the former one leads to."""
    world, path = found.community.world, "/me/address"
    before = dict(world.members[three.lucia])
    world.changes = {"made": (three.marisol, True), "asked": (three.marisol, False)}
    for token in ("made", "asked", "gone"):
        found.keep("from the letter", await three.community.visitor(found.language).get(f"/address/{token}"))
    for purpose, address in (("passed_on", "lucia.rios@hospital-general.test"), ("sign_in", "lucia@casa.test")):
        page = await three.asker.get(path)
        found.keep(f"before {purpose}", page)
        found.keep(f"wrong {purpose}", await three.asker.send(page, path, True, purpose=purpose, email="lucia"))
        found.keep(f"named {purpose}", await three.asker.send(page, path, True, purpose=purpose, email=address))
        confirm = f"{path}/confirm"
        page = await three.asker.get(path)
        found.keep(f"wrong code {purpose}", await three.asker.send(page, confirm, True, purpose=purpose, code="1234567812345678"))
        found.keep(f"confirmed {purpose}", await three.asker.send(page, confirm, True, purpose=purpose, code=ADDRESS_CODE))
    found.keep("after both", await three.asker.get(path))
    world.members[three.lucia] = before
    world.addresses.clear()


async def _ways(found: Gallery, three: Trio) -> None:
    """Who could introduce her: before she looks, when the day is full, some, and none."""
    world, path, looks = found.community.world, f"/m/{three.andrea}/introduction", (three.lucia, three.andrea)
    world.not_looked.add(looks)
    before = await three.asker.get(path)
    found.keep("ways before", before)
    world.looks_left = False
    found.keep("no look left", await three.asker.send(before, path))
    world.looks_left = True
    found.keep("ways", await three.asker.send(before, path))
    found.keep("why her", await three.asker.get(f"{path}/{three.marisol}"))
    knows = world.connections.pop((three.marisol, three.andrea))
    found.keep("no way", await three.asker.get(path))
    world.connections[three.marisol, three.andrea] = knows


async def _safety(found: Gallery, three: Trio) -> None:
    """Whom she blocks, and what she told moderators: with a request's words, of a woman who isn't there, and how far each is."""
    world, olga = found.community.world, found.community.world.add("Olga Prat", headline="Vende cursos")
    words = {"how_met": "event", "where_we_met": "En la feria de Teruel", "why_now": STOCK, "requester_answer": "Cualquiera."}
    request = new_request(world, olga, three.lucia, **words)
    path = f"/m/{olga}/report"
    page = await three.asker.get(f"{path}?subject=connection_request&subject_id={request['id']}")
    found.keep("tells moderators", page)
    found.keep("tells moderators", await three.asker.send(page, path, kind="spam"))
    found.keep("tells moderators", await three.asker.get(f"/m/{uuid4()}/report"))
    told = {"kind": "spam", "what_happened": "Quiere venderme un curso, y a tres amigas mías también."}
    for state in ("received", "looked_at", "decided"):
        page = await three.asker.get(path)
        receipt = await three.asker.send(page, path, **told)
        world.reports[UUID(receipt.url.path.rpartition("/")[2])]["state"] = state
        found.keep(f"report {state}", await three.asker.get(receipt.url.path))
    world.block(three.lucia, olga)
    for page_of in ("/me/reports", "/me/blocks"):
        found.keep("her safety", await three.asker.get(page_of))
    found.keep("unblocked", await three.asker.send(await three.asker.get("/me/blocks"), f"/me/blocks/{olga}"))
    del world.requests[request["id"]]


def _suggest(three: Trio) -> None:
    """Lucía might know two women, and could introduce two."""
    world = three.community.world
    clara, bea = [world.card(world.add(name, headline="Cuidado y tiempo")) for name in ("Clara Montes", "Beatriz Solano")]
    might_know = [
        {"member": clara, "met_at": "Jornadas de Escuelas Rurales de Teruel", "through": None},
        {"member": bea, "met_at": "", "through": world.card(three.marisol)},
    ]
    world.suggestions[three.lucia] = {"might_know": might_know, "introduce": {"sides": [clara, bea], "met_at": "Cierzo"}}


async def _refusals(found: Gallery, three: Trio) -> None:
    """What isn't offered, with what is said instead."""
    world, again = found.community.world, {"again_at": later(0.2)}
    made = {"introduction_id": three.confirmed()["id"], "voucher": world.card(three.marisol), "at": later(0)}
    for code in ("introduced_them", "know_both_better", "too_many_open_vouches"):
        refusal = {"cannot_propose": {"code": code}, "introduced": made if code == "introduced_them" else None}
        world.proposing[frozenset((three.lucia, three.andrea))] = refusal
        found.keep(code, await three.voucher.get(f"/m/{three.lucia}/propose/{three.andrea}"))
    limits = {"cannot_request": {"code": "too_many_requests_today", **again}, "cannot_ask": {"code": "too_many_open_asks", **again}}
    only = {"cannot_request": {"code": "introductions_only", **again}}
    for changes in (limits, only, {"introduced": made}, {"introduction_id": made["introduction_id"]}):
        world.relations[three.lucia, three.andrea] = {"can_request": False, "can_ask": False, **changes}
        found.keep("cannot ask", await three.asker.get(f"/m/{three.andrea}"))
    found.keep("wrong link", await three.asker.get(f"/m/{three.marisol}/ask?link=nobody"))
    world.proposing.clear()
    world.relations.clear()


async def _errors(found: Gallery, three: Trio, visitor: Browser) -> None:
    """Every way in which a page or a post can go wrong."""
    wires = found.community.fakes.wires
    introduction = three.introduction()["id"]
    await _refusals(found, three)
    found.keep("nothing there", await visitor.get("/nothing"))
    found.keep("nothing there", await three.asker.get(f"/m/{uuid4()}"))
    found.keep("foreign", await three.asker.http.post("/profile", data={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"}))
    found.keep("too long", await three.asker.post("/profile", {"name": "x" * 70_000}))
    found.keep("no command", await three.asker.post(f"/m/{three.andrea}", {}))
    for name, wire in wires.items():
        wire.down = True
        for path in ("/", "/connections", "/ledger", "/profile", f"/m/{three.andrea}", f"/introductions/{introduction}"):
            found.keep(f"{name} down", await three.asker.get(path))
        found.keep(f"{name} down", await visitor.get("/"))
        wire.down = False
    connect, fields = f"/m/{three.andrea}/connect", {"how_met": "event", "closeness": "met", "where_we_met": WHY, "why_now": WHY}
    fields |= {"met_at": "Feria de la Salud Comunitaria de Yucatán", "asks_for": "mentoring"}
    for how_met in ("event", "not_yet"):
        for step in ("how_met", "where_we_met", "why_now"):
            found.keep("connecting", await three.asker.post(connect, {**fields, "how_met": how_met, "step": step}))
    await _questioned(found, three, fields)
    for state, why in (("stock phrases", STOCK), ("nudged", VAGUE)):
        said = {**fields, "step": "why_now", "where_we_met": "At some event or other", "why_now": why}
        found.keep(state, await three.asker.post(connect, said))
    fields["step"] = "check"
    wires["requests"].down = True
    found.keep("kept", await three.asker.post(connect, fields))
    door = await visitor.post(connect, {**fields, "form_owner": str(three.lucia)})
    found.keep("signed out", door)
    found.keep("signed out", await visitor.send(door, "/sign-in", True, email="lucia.rios@correo.example.test"))
    found.keep("signed out", await visitor.post(connect, fields))
    found.keep("another's", await three.voucher.post(connect, {**fields, "form_owner": str(three.lucia)}))
    wires["requests"].down = False
    wires["requests"].answer = lambda request: None if request.method == "GET" else _refused()
    found.keep("refused", await three.asker.post(connect, fields))
    found.keep("refused", await three.voucher.post(f"/introductions/{introduction}", {"decision": "decline"}))
    wires["requests"].answer = lambda request: _refused()
    found.keep("refused", await three.asker.get(connect))
    wires["requests"].answer = _break
    found.keep("our mistake", await three.asker.get(connect))
    wires["requests"].answer = lambda request: None


async def _questioned(found: Gallery, three: Trio, fields: Mapping[str, str]) -> None:
    """Who asks a woman with a bar and a question of her own, on a day on which she has asked many."""
    world, path = found.community.world, f"/m/{three.andrea}/connect"
    hers = {"bar": "met", "question": "¿Qué guardería de las que conoces elegirías para una niña que no se separa de su hermana?"}
    world.reach[three.andrea] = {**NEVER_ASKED, **hers}
    world.relations[three.lucia, three.andrea] = {"left_today": 2}
    found.keep("questioned", await three.asker.get(path))
    answered = {**fields, "recipient_question": hers["question"], "requester_answer": "La de mi barrio: las niñas eligen el menú."}
    for changes in ({"step": "why_now"}, {"step": "question"}, {"step": "question", "requester_answer": ""}):
        found.keep("questioned", await three.asker.post(path, {**answered, **changes}))
    found.keep("reports it", await three.asker.post(path, {**answered, "step": "question", "to": "report"}))
    found.keep("it changed", await three.asker.post(path, {**answered, "step": "check", "recipient_question": "Another?"}))
    world.relations[three.lucia, three.andrea] = {"can_request": False, "cannot_request": {"code": "only_through_introduction"}}
    found.keep("only introduced", await three.asker.get(f"/m/{three.andrea}"))
    del world.reach[three.andrea], world.relations[three.lucia, three.andrea]


def _refused() -> httpx.Response:
    return httpx.Response(CannotAsk.status, json={"code": CannotAsk.code, "detail": CannotAsk.sentence})


def _break(request: httpx.Request) -> httpx.Response:
    raise RuntimeError
