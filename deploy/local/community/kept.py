"""What some of them keep of others, which nobody else sees."""

from deploy.local.community.script import Kept

KEPT = (
    Kept(by="grace", of="valentina", day=20, what="closeness", says={"closeness": "know_well", "last_spoke": "month"}),
    Kept(by="elena", of="ines", day=52, what="closeness", says={"closeness": "met", "last_spoke": "two_years"}),
    Kept(
        by="ines",
        of="carmen",
        day=30,
        what="provenance",
        says={
            "how_met": "work",
            "where_we_met": "Dos inviernos en un tejado del casco viejo: Carmen subía la primera, con el termo",
            "met_at": "Cierzo",
        },
    ),
    Kept(by="amara", of="suryani", day=12, what="remove"),
    Kept(by="priya", of="ruth", day=0, what="openness", says={"open_to_asks": False}),
    Kept(
        by="suryani",
        of="elena",
        day=25,
        what="provenance",
        says={
            "how_met": "work",
            "where_we_met": "Her series on rivers and dye in Pekalongan: I was the one who lent her the boots",
            "met_at": "La Medida",
        },
    ),
    Kept(
        by="maria",
        of="elena",
        day=24,
        what="provenance",
        says={
            "how_met": "work",
            "where_we_met": "El reportaje sobre el aire de los quirófanos: tres semanas midiendo juntas, de madrugada",
            "met_at": "la medida",
        },
    ),
    *(Kept(by=by, of=of, day=0, what="look_up") for by, of in (("ruth", "hannah"), ("maeve", "hannah"), ("marta", "carmen"))),
)
