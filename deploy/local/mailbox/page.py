"""The mailbox page: the letters, newest first, each as text and as HTML that can do nothing; and the same as JSON."""

from datetime import datetime
from html import escape
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.mailbox.store import Letter, Store

_STYLE = Path(__file__).parent / "style.css"
_OURS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'",
    "Cache-Control": "no-store",
}
# The letter's own HTML: no scripts, nothing from elsewhere; its links open beside the mailbox.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_THEIRS = {
    "Content-Security-Policy": f"sandbox {_SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "Cache-Control": "no-store",
}
SHOWN = 200
"""Letters on the page; the JSON has all."""


def create(store: Store) -> Starlette:
    """The page over the letters of `store`."""

    async def listing(request: Request) -> Response:
        to = request.query_params.get("to") or None
        letters = store.all(to)
        rows = "".join(_row(letter) for letter in letters[:SHOWN]) or "<li class='none'>No letters yet.</li>"
        count = f"{len(letters)} letter{'s' if len(letters) != 1 else ''}" + (f" to {escape(to)} · <a href='/'>all</a>" if to else "")
        return HTMLResponse(_page("Mailbox", f"<h1>Mailbox</h1>{_search(to)}<p class='count'>{count}</p><ul>{rows}</ul>"), headers=_OURS)

    async def letter(request: Request) -> Response:
        found = store.get(request.path_params["id"])
        if found is None:
            return HTMLResponse(_page("Not here", "<h1>This letter is not here</h1><a href='/'>All letters</a>"), 404, headers=_OURS)
        return HTMLResponse(_page(found.subject, _whole(found)), headers=_OURS)

    async def html(request: Request) -> Response:
        found = store.get(request.path_params["id"])
        if found is None:
            return RedirectResponse("/")
        return HTMLResponse(_links_beside(found.html), headers=_THEIRS)

    async def as_json(request: Request) -> Response:
        return JSONResponse([letter.as_json() for letter in store.all(request.query_params.get("to") or None)])

    async def ready(_: Request) -> Response:
        return JSONResponse({"ready": True, "missing": {}})

    async def style(_: Request) -> Response:
        return FileResponse(_STYLE, media_type="text/css")

    routes = [
        Route("/", listing),
        Route("/letters.json", as_json),
        Route("/letters/{id}", letter),
        Route("/letters/{id}/html", html),
        Route("/style.css", style),
        Route("/readyz", ready),
    ]
    # Any other Host is a foreign page whose name leads here (DNS rebinding), come for the codes.
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1"])])


def _links_beside(html: str) -> str:
    """The letter's HTML with its links opening in a tab of their own. Within its head, so that its doctype stays first."""
    base = "<base target='_blank'>"
    return html.replace("<head>", f"<head>{base}", 1) if "<head>" in html else base + html


def _page(title: str, body: str) -> str:
    head = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(title)} · Madrina's mailbox</title>"
    return f"<!doctype html><html lang='en'>{head}<link rel='stylesheet' href='/style.css'><main>{body}</main></html>"


def _search(to: str | None) -> str:
    value = escape(to or "", quote=True)
    return f"<form><label>To <input type='email' name='to' value='{value}' placeholder='all addresses'></label><button>Show</button></form>"


def _row(letter: Letter) -> str:
    at = datetime.fromisoformat(letter.at).astimezone().strftime("%d %b %H:%M:%S")
    words = f"<b>{escape(letter.subject)}</b><span>{escape(letter.to)}</span><time>{at}</time>"
    return f"<li><a href='/letters/{letter.id}'>{words}</a></li>"


def _whole(letter: Letter) -> str:
    facts = {"To": letter.to, "From": letter.sender, "Arrived": letter.at, "Message-ID": letter.message_id}
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    frame = f"<iframe title='The letter as HTML' src='/letters/{letter.id}/html' sandbox='{_SANDBOX}'></iframe>"
    return (
        f"<a href='/'>All letters</a><h1>{escape(letter.subject)}</h1><dl>{rows}</dl>"
        f"<h2>As text</h2><pre>{escape(letter.text)}</pre>{f'<h2>As HTML</h2>{frame}' if letter.html else ''}"
    )
