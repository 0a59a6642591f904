"""Static files under one address that changes with them, so that browsers may keep them for ever; a few have to have one that stays."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
SERVED = frozenset({".css", ".js", ".woff2", ".svg", ".png", ".ico", ".txt", ".webmanifest", ".json"})
AT_THE_ROOT = {
    "/favicon.ico": "favicon.ico",
    "/apple-touch-icon.png": "touch-icon.png",
    "/icon.svg": "icon.svg",
    "/manifest.webmanifest": "manifest.webmanifest",
    "/robots.txt": "robots.txt",
    "/openapi.json": "openapi.json",
}
"""What browsers and robots look for by themselves, what has to keep its address on a phone's home screen, and what front ends build on."""
FOR_EVER = "public, max-age=31536000, immutable"
SMALLEST = 1000
"""The bytes of the smallest answer that is compressed."""
A_DAY = "public, max-age=86400"
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("image/x-icon", ".ico")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True)
class _File:
    kind: str
    content: bytes
    compressed: bytes | None
    """None if it is too small for that, or gets no smaller."""
    tag: str


def _read(path: Path) -> _File:
    content = path.read_bytes()
    compressed = gzip.compress(content, mtime=0) if len(content) >= SMALLEST else content
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _File(kind, content, compressed if len(compressed) < len(content) else None, hashlib.sha256(content).hexdigest()[:16])


class Assets:
    """The folder, read and compressed once. Its hash is part of every address, so relative links inside the CSS need no rewriting."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in SERVED)
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        whole = "".join(f"{name}\0{file.tag}" for name, file in self._files.items())
        self.version = hashlib.sha256(whole.encode()).hexdigest()[:12]
        self.routes = [Route("/static/{version}/{name:path}", self.serve), *(Route(path, self._at_the_root) for path in AT_THE_ROOT)]

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError if there is no such file: a template's typo must not reach a page."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answer `/static/{version}/{name}`; under another version's address the file as it is now, not to be kept."""
        kept = FOR_EVER if request.path_params["version"] == self.version else "no-cache"
        return self._answer(request, request.path_params["name"], kept)

    async def _at_the_root(self, request: Request) -> Response:
        return self._answer(request, AT_THE_ROOT[request.url.path], A_DAY)

    def _answer(self, request: Request, name: str, kept: str) -> Response:
        file = self._files.get(name)
        if file is None:
            return Response(status_code=404)
        compressed = file.compressed if "gzip" in request.headers.get("accept-encoding", "") else None
        tag = f'"{file.tag}{"-gzip" if compressed else ""}"'
        headers = {"Cache-Control": kept, "ETag": tag}
        if compressed:  # else the pages' own compression says so
            headers["Vary"] = "Accept-Encoding"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        if compressed:
            headers["Content-Encoding"] = "gzip"
        return Response(compressed or file.content, media_type=file.kind, headers=headers)
