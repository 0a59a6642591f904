"""The states of an introduction's page, for its voucher and for its sides."""

from deploy.local.community.state import State, of

VOUCHERS = (
    State("asked", "grace", "/introductions/{grace_valentina_priya}", of("voucher", "asked", cannot_vouch=None)),
    State(
        "asked, has only met one", "carmen", "/introductions/{carmen_ines_grace}", of("voucher", "asked", cannot_vouch="know_both_better")
    ),
    State("asked, and can't just now", "elena", "/introductions/{elena_hannah_lucia}", of("voucher", "asked", cannot_vouch="cannot_vouch")),
    State(
        "asked, isn't connected to both",
        "carmen",
        "/introductions/{carmen_hannah_maeve}",
        of("voucher", "asked", cannot_vouch="not_connected_to_both"),
    ),
    State(
        "asked, five are open",
        "maria",
        "/introductions/{maria_hannah_amara}",
        of("voucher", "asked", cannot_vouch="too_many_open_vouches"),
    ),
    State(
        "said not now, and may still vouch",
        "elena",
        "/introductions/{elena_hannah_suryani}",
        of("voucher", "closed", my_answer="declined", my_reason="not_well_enough", actions=["vouch", "decline_kindly"]),
    ),
    State(
        "said not now, and it is over",
        "marisol",
        "/introductions/{marisol_suryani_grace}",
        of("voucher", "closed", my_answer="declined", actions=[]),
    ),
    State(
        "said no in a kind sentence",
        "elena",
        "/introductions/{elena_suryani_ruth}",
        of("voucher", "closed", kind_answer="rather_answer", actions=[]),
    ),
    State("vouched for an ask", "priya", "/introductions/{priya_ruth_grace}", of("voucher", "vouched", origin="asked")),
    State(
        "her first vouch, her own idea",
        "ruth",
        "/introductions/{ruth_maeve_priya}",
        of("voucher", "vouched", origin="proposed", first=True),
    ),
    State(
        "is asked to correct a word",
        "grace",
        "/introductions/{grace_marisol_amara}",
        of("voucher", "vouched", corrections=[{"from": {"name": "Amara Okafor"}, "corrected": False}]),
    ),
    State("both said yes today", "grace", "/introductions/{grace_nora_priya}", of("voucher", "confirmed", went_well=False)),
    State(
        "a thank-you came back",
        "elena",
        "/introductions/{elena_suryani_maeve}",
        of("voucher", "settled", went_well=True, thank_yous=[{}, {}]),
    ),
    State(
        "went well, without a thank-you",
        "elena",
        "/introductions/{elena_hannah_marisol}",
        of("voucher", "settled", went_well=True, thank_yous=[]),
    ),
    State(
        "worthwhile, and she would keep her",
        "suryani",
        "/introductions/{elena_suryani_maeve}",
        of("side", "settled", my_outcome="worthwhile", kept="know_well", connected=False),
    ),
    State(
        "worthwhile, and hers to keep",
        "maeve",
        "/introductions/{elena_suryani_maeve}",
        of("side", "settled", my_outcome="worthwhile", kept=None, actions=["keep"]),
    ),
    State("both would keep each other", "hannah", "/introductions/{elena_hannah_marisol}", of("side", "settled", connected=True)),
    State("asked whether they are in touch", "valentina", "/introductions/{grace_maeve_valentina}", of("side", "confirmed", in_touch=None)),
    State("nobody said how it went", "priya", "/introductions/{priya_amara_grace}", of("voucher", "settled", went_well=False)),
    State("did not go ahead", "priya", "/introductions/{priya_amara_ruth}", of("voucher", "closed", my_answer=None)),
    State("did not go ahead, never vouched", "elena", "/introductions/{elena_ines_maeve}", of("voucher", "closed", vouched_at=None)),
    State("withdrew her word", "grace", "/introductions/{grace_carmen_lucia}", of("voucher", "closed", my_reason="know_more")),
)
SIDES = (
    State("asked", "valentina", "/introductions/{grace_valentina_priya}", of("asker", "asked")),
    State("asked, vouched for, open", "ruth", "/introductions/{priya_ruth_grace}", of("asker", "vouched")),
    State(
        "asked; the other's no looks like silence",
        "hannah",
        "/introductions/{elena_hannah_ruth}",
        of("asker", "vouched", actions=["withdraw", "ask_correction"]),
    ),
    State("withdrew what she asked", "lucia", "/introductions/{amara_lucia_priya}", of("asker", "closed")),
    State(
        "asked, and was answered in a kind sentence",
        "suryani",
        "/introductions/{elena_suryani_ruth}",
        of("asker", "closed", kind_answer="rather_answer", my_reason=None),
    ),
    State("asked, and it did not go ahead", "amara", "/introductions/{priya_amara_ruth}", of("asker", "closed")),
    State(
        "waits for her, with why",
        "grace",
        "/introductions/{priya_ruth_grace}",
        of("counterpart", "vouched", my_answer=None, show_why_her=True),
    ),
    State(
        "said not now, and may still say yes",
        "ruth",
        "/introductions/{elena_hannah_ruth}",
        of("counterpart", "closed", my_answer="passed", actions=["confirm"]),
    ),
    State(
        "said not now, and it is over",
        "ruth",
        "/introductions/{priya_amara_ruth}",
        of("counterpart", "closed", my_answer="passed", actions=[]),
    ),
    State("proposed; the voucher's words are dated", "maeve", "/introductions/{ruth_maeve_priya}", of("side", "vouched", my_answer=None)),
    State("proposed, waits for her", "maeve", "/introductions/{elena_lucia_maeve}", of("side", "vouched", my_answer=None)),
    State("proposed, she said yes", "lucia", "/introductions/{elena_lucia_maeve}", of("side", "vouched", my_answer="confirmed")),
    State(
        "asked the voucher to correct a word",
        "amara",
        "/introductions/{grace_marisol_amara}",
        of("side", "vouched", corrections=[{"corrected": False}]),
    ),
    State(
        "the words were corrected, and her yes is asked anew",
        "ines",
        "/introductions/{maria_ines_marisol}",
        of("side", "vouched", my_answer=None, words_version=1, corrections=[]),
    ),
    State(
        "proposed, she said not now",
        "amara",
        "/introductions/{maria_ines_amara}",
        of("side", "closed", my_answer="passed", actions=["confirm"]),
    ),
    State("proposed, and it did not go ahead", "suryani", "/introductions/{valentina_suryani_grace}", of("side", "closed", my_answer=None)),
    State("the voucher withdrew her word", "lucia", "/introductions/{grace_carmen_lucia}", of("side", "closed", my_answer=None)),
    State(
        "both said yes today: her own ask",
        "nora",
        "/introductions/{grace_nora_priya}",
        of("asker", "confirmed", my_outcome=None, first=True),
    ),
    State("both said yes today", "priya", "/introductions/{grace_nora_priya}", of("counterpart", "confirmed", my_outcome=None)),
    State("both said yes last week", "valentina", "/introductions/{grace_maeve_valentina}", of("side", "confirmed", my_outcome=None)),
    State("she is asked how it went", "carmen", "/introductions/{elena_maeve_carmen}", of("counterpart", "confirmed", my_outcome=None)),
    State("she has said how it went", "maeve", "/introductions/{elena_maeve_carmen}", of("asker", "confirmed", my_outcome="worthwhile")),
    State(
        "over, she may still say it was worthwhile",
        "amara",
        "/introductions/{priya_amara_grace}",
        of("side", "settled", actions=["say_outcome"]),
    ),
    State(
        "over, both found it worthwhile", "hannah", "/introductions/{carmen_hannah_ines}", of("asker", "settled", my_outcome="worthwhile")
    ),
)
