"""Static files under one address that changes with them, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
SERVED = frozenset({".css", ".js", ".woff2", ".svg"})
FOR_EVER = "public, max-age=31536000, immutable"
mimetypes.add_type("font/woff2", ".woff2")


class Assets:
    """The folder, read once. Its hash is part of every address, so that relative links inside the CSS need no rewriting."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in SERVED)
        self._files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        whole = hashlib.sha256()
        for name, content in self._files.items():
            whole.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        self.version = whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError if there is no such file: a template's typo must not reach a page."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answer `/static/{version}/{name}`; under another version's address the file as it is now, not to be kept."""
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            return Response(status_code=404)
        kept = FOR_EVER if request.path_params["version"] == self.version else "no-cache"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind, headers={"Cache-Control": kept})
