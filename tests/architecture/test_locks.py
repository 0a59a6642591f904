"""Lock files hold hashes and no address: where packages come from is for each machine's own settings to say."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_lock_file_holds_an_address() -> None:
    locks = [*ROOT.glob("requirements*.txt"), *ROOT.glob("tests/**/package-lock.json")]
    assert len(locks) >= 4
    assert [f"{lock.name}: {line}" for lock in locks for line in lock.read_text().splitlines() if "://" in line] == []
