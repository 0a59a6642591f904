"""The Nu Html Checker, over any number of pages at once."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / ".venv"


def complaints(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What the checker says of these pages, warnings included; skips the test, loudly, if there is no checker or no Java."""
    jar = next(HOME.glob("vnu-*.jar"), None)
    if jar is None or shutil.which("java") is None:
        pytest.skip("NO HTML WAS CHECKED: no Java, or `sh deploy/local/html_checker.sh` could not fetch the checker")
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        names[f"{number}.html"] = name
        (folder / f"{number}.html").write_text(html)
    done = subprocess.run(["java", "-jar", jar, "--format", "json", folder], capture_output=True, text=True, check=False)
    found = json.loads(done.stderr)["messages"]
    return [f"{names[Path(said['url']).name]}: {said['message']} ({said.get('extract', '')!r})" for said in found]
