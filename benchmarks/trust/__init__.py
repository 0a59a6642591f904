"""How well trust tells whose introductions go well, and how well it resists: `python -m benchmarks.trust`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.reputation.trust import Settings

FIRST = Settings(t0=datetime(2010, 1, 1, tzinfo=UTC), good_half_life=timedelta(days=60), bad_half_life=timedelta(days=90))
"""The model that the work began with: standing by a walk from the anchors alone."""

SETTINGS = replace(
    FIRST,
    most_good=8.0,
    most_mutual=8.0,
    most_unanchored=0.0,
    tiers=16,
    kappa=0.015,
    round_down=True,
    walk=0.9,
    bad_cut=4.0,
    budget=float("inf"),
    experience_rounds=3,
    experience_over=2.0,
    blame_in_full=True,
    independence=0.2,
)
"""The one configuration for all of this benchmark."""
