"""`make bench-ingest` on a small ledger: it fills it, and measures what it says."""

from collections.abc import Sequence

import pytest

from benchmarks import ingest

pytestmark = pytest.mark.servers


@pytest.mark.parametrize(("drawn", "beside"), [(True, ()), (False, ingest.BESIDE)])
async def test_a_small_ledger_is_measured_whole(
    drawn: bool, beside: Sequence[ingest.Beside], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ingest, "EVENTS", 1_000)
    await ingest.main([2_000], drawn=drawn, beside=beside)
    _, head, measured, *others, bare = capsys.readouterr().out.splitlines()
    assert head.split() == ["ledger", "rows", "events/s", "CPU", "ms", "each", "made", "anew,", "s", "snapshot,", "s"]
    rows, rate, cpu, *_ = measured.replace(",", "").split()
    assert int(rows) == 2_000 and int(rate) > 0 and float(cpu) > 0
    assert bare.split()[:2] == ["bare", "loop"]
    assert [" ".join(line.split()[:3]) for line in others] == [one.name for one in beside]
    assert all(int(line.replace(",", "").split()[5]) > 0 for line in others), "both are done, too"
