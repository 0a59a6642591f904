"""Introductions that came to nothing, each in its own way, and one of which nobody has said how it went."""

from deploy.local.community.script import Introduction, Said

OVER = (
    Introduction(  # Elena has only met Inés, and let it end by itself
        voucher="elena",
        asker="ines",
        sides=("ines", "maeve"),
        why_her="Maeve monta documentales sobre quién decide en un barrio, y nosotras tenemos tres años grabados de una obra hecha con las "
        "vecinas. Querría saber si ahí hay una película o solo un recuerdo.",
        asked=42,
    ),
    Introduction(  # Ruth passed, quietly
        voucher="priya",
        asker="amara",
        sides=("amara", "ruth"),
        why_her="Two of our night nurses are paid through an agency that loses their hours. I don't need a case, I need to understand what "
        "they could ask for, from someone who does this every week.",
        asked=32,
        vouched=30,
        words={
            "amara": "Ruth will tell you in ten minutes what a leaflet hides in ten pages. She is very busy before hearings, so say early "
            "what you need and by when.",
            "ruth": "Amara is my neighbour, a children's heart doctor, and she never asks for anything for herself. This is for "
            "two nurses she works nights with; she wants to understand, not to start a case.",
        },
        said=(Said(by="ruth", day=28, what="pass"),),
    ),
    Introduction(  # made long ago; neither has said how it went
        voucher="priya",
        sides=("amara", "grace"),
        vouched=50,
        words={
            "amara": "Grace keeps things cold where the power fails every afternoon. You keep hearts beating. Come to dinner, both of you.",
            "grace": "Amara is my neighbour and operates on hearts. She thinks about transport as much as you do. Dinner is on me.",
        },
        said=(Said(by="grace", day=49), Said(by="amara", day=47)),
    ),
    Introduction(  # Marisol said no, and its time is over
        voucher="marisol",
        asker="suryani",
        sides=("suryani", "grace"),
        why_her="My dyes spoil by the third day and Marisol's don't any more. I'd like to ask Grace what such a box would cost here.",
        asked=38,
        said=(Said(by="marisol", day=36, what="decline"),),
    ),
    Introduction(  # Elena said no in a kind sentence
        voucher="elena",
        asker="suryani",
        sides=("suryani", "ruth"),
        why_her="Our dyers are paid by the piece and the shop wants to call it a partnership. I'd like to hear from Ruth what to ask for.",
        asked=12,
        said=(Said(by="elena", day=11, what="decline", how="rather_answer"),),
    ),
    Introduction(  # nobody answered
        voucher="valentina",
        sides=("suryani", "grace"),
        vouched=20,
        words={
            "suryani": "Grace builds the small cold boxes. Marisol has one now; I thought of your third day.",
            "grace": "Suryani loses her dyes to the heat, as Marisol did. She measures, and she'd travel to see one.",
        },
    ),
    Introduction(  # Lucía took it back
        voucher="amara",
        asker="lucia",
        sides=("lucia", "priya"),
        why_her="Priya sabe cómo se paga sin papeles, y yo cómo se cura sin ellos. Quería preguntarle por los nombres que cambian.",
        asked=20,
        said=(Said(by="lucia", day=18, what="withdraw"),),
    ),
    Introduction(  # Grace took her word back
        voucher="grace",
        sides=("carmen", "lucia"),
        vouched=5,
        words={
            "carmen": "Lucía knows what a hospital does with a power cut. Your members run one; I think you should talk.",
            "lucia": "Carmen keeps the lights on in four villages and would listen to a hospital. Tell her about the two lost days.",
        },
        said=(Said(by="grace", day=3, what="withdraw_vouch", how="know_more"),),
    ),
)
