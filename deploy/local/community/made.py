"""Introductions that were made; how they went is still to be said."""

from deploy.local.community.script import Introduction, Outcome, Said

MADE = (
    Introduction(  # both asked now how it went; Maeve has answered
        voucher="elena",
        asker="maeve",
        sides=("maeve", "carmen"),
        why_her="I'm looking for one cooperative whose meetings I may film when they disagree, not only when they cut a ribbon. Everything "
        "Elena has told me about Cierzo makes me think they would let me.",
        asked=28,
        vouched=26,
        show_why_her=True,
        words={
            "maeve": "Carmen will say no three times, and the fourth time she will open the room. She keeps nothing from her members, so "
            "she will ask you to show them the film first. Say yes.",
            "carmen": "Maeve montó conmigo lo del Guadiana y cortó mi mejor gráfico porque no hacía falta; tenía razón. "
            "Busca una cooperativa a la que filmar también cuando discute. No te hará quedar bien ni mal.",
        },
        said=(Said(by="carmen", day=24),),
        outcomes=(Outcome(by="maeve", day=2, thank_you="She said no three times, as you promised. We start filming in January."),),
    ),
    Introduction(  # both said yes last week
        voucher="grace",
        sides=("maeve", "valentina"),
        vouched=18,
        words={
            "maeve": "Valentina drew the aquifer on my fridge and hasn't let me paint over it. She knows who drills at night.",
            "valentina": "Maeve hizo la película del Guadiana y ahora pregunta por los pozos. Deja hablar a la gente hasta el final.",
        },
        said=(Said(by="maeve", day=16), Said(by="valentina", day=7)),
    ),
    Introduction(  # both said yes today
        voucher="grace",
        asker="nora",
        sides=("nora", "priya"),
        why_her="Priya made paying over a plain text message work where nobody owns a smartphone. I want to ask her how she got drivers to "
        "trust the second message, not the first.",
        asked=3,
        vouched=2,
        show_why_her=True,
        words={
            "nora": "Priya and I spent a harvest fixing each other's spreadsheets at midnight. Ask her what went wrong before you ask what "
            "worked; she tells it better than anyone.",
            "priya": "Nora runs the money of a company with four hundred drivers and asks better questions than our auditors. An hour "
            "with her gave me two new clauses in a contract.",
        },
        said=(Said(by="priya", day=0),),
    ),
)
