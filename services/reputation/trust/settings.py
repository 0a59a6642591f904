"""Every constant of the model, in one place."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Settings:
    """What the model is set to. As it stands: `trust.md`'s model, where weight is standing and every rater is a branch of her own.

    `base` above 0 is the other configuration: weight by time as a member, and voices counted by branch (`PRODUCT`).
    """

    t0: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    """From when sums grow. Words from before it lose bits."""
    point: int = 64
    """Bits after the point of a sum."""
    good_half_life: timedelta = timedelta(days=240)
    bad_half_life: timedelta = timedelta(days=365)

    start: float = 0.5
    bad_weighs: float = 4.0
    most_good: float = 5.0
    most_mutual: float = 2.0
    most_unanchored: float = 0.25
    """What bad words by raters without standing come to at most, each a quarter."""
    newcomer_share: float = 0.25
    most_newcomer: float = 0.5
    report_weighs: int = 2
    """What an upheld report weighs against her, whoever made it."""
    charge: float = 0.25
    """What one voucher of a member reported is charged at most, and all of them together:"""
    most_charged: float = 0.5

    tiers: int = 4
    """Into how many parts a weight is rounded."""
    round_down: bool = False
    """Whether what isn't a whole part counts for nothing, so that many small voices don't add up; else half to even."""
    first: float = 0.25
    """What every rater weighs until a first standing exists."""
    least_anchors: int = 3
    """How many an operator must name before any of them counts: no woman decides alone. Whom `Trust` is given, counts."""
    base: float = 0.0
    """What a member weighs once she has been one for `grace`; 0: what her standing says."""
    grace: timedelta = timedelta(days=90)
    branch_cap: float | None = None
    """What the good words of one branch come to at most; None: branches don't matter."""
    branch_bad_cap: float = 0.25
    anchor_cap: float = 1.0
    mutual_shares_branch: bool = False
    """Whether the mutual words of a branch have only what its other good words leave."""
    doubling: int = 0
    """How many of those who praise her in a branch must be known elsewhere for it to count twice; 0: none ever does."""
    known_to: int = 2
    """Women of how many other branches must have said well of a member for her to be known elsewhere."""

    some: float = 0.5
    """Evidence from which there is a band, and above which it may be established:"""
    much: float = 2.0
    praise_alone: bool = False
    """Whether that evidence is what speaks for her alone."""
    mixed_over: float = 0.0
    """How much must speak against her before she is mixed."""
    established_score: float = 0.5
    established_women: int = 0

    walk: float = 0.85
    steps: int = 40
    kappa: float = 0.02
    """How far the walk must reach a member for half a standing."""
    bad_cut: float = 3.0
    """How fast standing goes as others find her bad."""
    budget: float = 10.0
    """How many fading good words a rater may give before each weighs less."""
    experience_rounds: int = 0
    """How often experience spreads from the anchors; 0: everyone has it."""
    experience_over: float = 1.0
    """More than how much standing must confirm a word, before its rater has experience; never more than a quarter of the anchors."""
    blame_in_full: bool = False
    """Whether the bad words of all whom the walk reaches, who have experience and are not found bad, weigh the same."""
    independence: float = 0.0
    """How much a good word loses by the square of the standing of others with the same word who are in touch with its rater."""


PRODUCT = Settings(
    good_half_life=timedelta(days=1095),
    bad_half_life=timedelta(days=1095),
    most_mutual=0.49,
    most_unanchored=0.0,
    first=0.0,
    base=0.5,
    branch_cap=0.5,
    mutual_shares_branch=True,
    doubling=2,
    much=1.05,
    praise_alone=True,
    mixed_over=0.25,
    established_score=2 / 3,
    established_women=4,
)
"""What counts in a community: time as a member and the path of invitation, not standing (`docs/trust.md`)."""
