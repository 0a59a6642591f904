"""The bill of materials names every package of the lock file, with its hashes, and is the same bytes each time."""

import re
from pathlib import Path

import pytest

from deploy.containers import VERSION
from tests.containers import sbom

pytestmark = pytest.mark.thorough


def test_it_is_the_lock_file_and_deterministic(tmp_path: Path) -> None:
    bill = sbom.written(tmp_path / "one.json")
    sbom.written(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    locked = re.findall(r"^([a-z0-9-]+)==([^ ]+)", (sbom.ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert sbom.components(bill) == dict(locked)
    assert [one["name"] for one in bill["components"] if not one["externalReferences"][0]["hashes"]] == []
    assert bill["bomFormat"] == "CycloneDX"
    assert (bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"]) == ("madrina", VERSION)
