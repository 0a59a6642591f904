"""What docs/security.md says the code never does: how it makes secrets, what it logs to, whom it calls."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
SCRIPTS = [file for file in (ROOT / "services" / "web" / "static").rglob("*.js") if "vendor" not in file.parts]
TEMPLATES = [*(ROOT / "services" / "web" / "templates").rglob("*.html")]
MIGRATIONS = [*(ROOT / "services").rglob("migrations/*.sql")]

NEVER: Mapping[str, tuple[Collection[Path], str, str, Collection[str]]] = {
    "what must not be guessed comes from `secrets`": (PYTHON, r"\bimport random\b|\brandom\.\w+\(", "random.choice(x)", ("backoff.py",)),
    "SHA-256 is the hash": (PYTHON, r"\bhashlib\.(?!sha256\b)|\buuid[13]\(", "hashlib.md5(x)", ()),
    "Fernet is the cipher": (PYTHON, r"cryptography(?!\.fernet)\.\w+", "from cryptography.hazmat import x", ()),
    "Ed25519 signs": (PYTHON, r"\b(HS|RS|ES|PS)(256|384|512)\b|RSAKey|ECKey|OctKey", "ECKey.generate_key()", ()),
    "no call follows a redirect": (PYTHON, r"follow_redirects", "follow_redirects=True", ()),
    "calls leave from two places": (
        PYTHON,
        r"\bhttpx\.(AsyncClient|Client|get|post)\(",
        "httpx.get(x)",
        ("clients/http.py", "export/views.py"),
    ),
    "nothing is in debug": (PYTHON, r"\bdebug=(?!False)", "debug=True", ()),
    "no folder is listed": (PYTHON, r"\bStaticFiles\b", "StaticFiles(x)", ()),
    "no file of hers is written": (PYTHON, r"\bUploadFile\b|\.write_bytes\(|\bos\.path\.join\(", "path.write_bytes(x)", ()),
    "logs go to stdout": (PYTHON, r"\b\w*FileHandler\b|SysLogHandler", "FileHandler(x)", ()),
    "no script makes code of text": (SCRIPTS, r"\beval\(|new Function|innerHTML|document\.write|__proto__", "x.innerHTML = y", ()),
    "no script listens to other windows": (SCRIPTS, r"postMessage|\"message\"", "postMessage(x)", ()),
    "there are no passwords or secret questions": (TEMPLATES, r"type=\"password\"|name=\"(?:password|hint)", '<input type="password">', ()),
    "no account is there from the start": (MIGRATIONS, r"(?i)insert into (?:accounts|roles|sessions)\b", "insert into roles", ()),
}
"""What is said: the files it is said of, what would break it, an example of that, and who may do it all the same."""


@pytest.mark.parametrize("said", NEVER)
def test_it_never_does(said: str) -> None:
    files, broken, planted, allowed = NEVER[said]
    assert files
    assert re.search(broken, planted)
    found = {str(file.relative_to(ROOT)) for file in files if re.search(broken, file.read_text(encoding="utf-8"))}
    assert {name for name in found if not name.endswith(tuple(allowed) or "\0")} == set()


def test_every_page_of_hers_has_a_way_to_sign_out_within_one_step() -> None:
    templates = ROOT / "services" / "web" / "templates"
    assert 'href="/m/{{ visit.profile.id }}"' in (templates / "base.html").read_text()
    for name in ("me", "profile", "agree", "notices", "leave"):
        assert 'action="/sign-out"' in (templates / f"{name}.html").read_text(), name
