"""The bill of materials that `make sbom` writes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def written(target: Path) -> dict[str, Any]:
    """It, written to `target`."""
    subprocess.run(["make", "--silent", "sbom", f"SBOM={target}", f"PY={sys.executable}"], cwd=ROOT, check=True, timeout=120)
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return found


def components(bill: dict[str, Any]) -> dict[str, str]:
    """The version of each package in it."""
    return {component["name"]: component["version"] for component in bill["components"]}
