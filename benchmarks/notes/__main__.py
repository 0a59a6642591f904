"""`python -m benchmarks.notes`: prints the figures of both halves."""

from benchmarks.notes.figures import HALVES, corpus, figures, gate, naive, times

print("half      language  rule   genuine  refused  nudged         generic  caught")
for half in HALVES:
    for language in ("en", "es", "both"):
        notes = [note for note in corpus(half) if language in (note.language, "both")]
        for name, rule in (("gate", gate), ("naive", naive)):
            of = figures(notes, rule)
            print(
                f"{half:<9} {language:<9} {name:<6} {of.genuine:>7} {of.refused:>8} {of.nudged:>7} ({of.share_nudged:>5.1%})"
                f" {of.generic:>8} {of.caught:>7} ({of.share_caught:>5.1%})"
            )
for half in HALVES:
    taken = times(corpus(half))
    print(f"{half}: {taken[len(taken) // 2] * 1e6:.0f} µs a note (median), {taken[int(len(taken) * 0.99)] * 1e6:.0f} µs (99th percentile)")
