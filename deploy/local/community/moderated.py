"""What moderators had to decide: cases about one woman, and what women told them who are no members.

The half-year in which the story is told isn't shown in numbers yet, so the first case is of the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

MODERATOR = "teresa"
"""She decides all of it; an appeal against her waits for another one, Ruth."""
ONE_BEFORE = 61
"""The first case is decided before anybody else has joined."""


def long_ago(today: date) -> int:
    """How many days ago the last half-year was not over yet, and the others hadn't joined."""
    begun = today.replace(month=1 if today.month <= 6 else 7, day=1)
    return max(ONE_BEFORE, (today - begun).days + 2)


LONG_AGO = long_ago(datetime.now(UTC).date())


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is told of a member, what is decided, and what she says to it; with days, counted back from today. `by` is empty if WRITTEN
    tells it; without an appeal she has only read the decision."""

    about: str
    told: int
    by: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)
    decided: int
    decision: Mapping[str, Any]
    read: int
    appeal: str = ""

    @property
    def name(self) -> str:
        """How states call it."""
        return "_".join(("case", self.about, *filter(None, [self.by])))


WRITTEN = (
    ("spam", "Recibí el enlace a su página en un correo que no pedí, con una oferta de cursos. Ya van tres."),
    ("spam", "Me apuntó a su boletín sin preguntarme: dejé mi tarjeta en su mesa de la feria, nada más."),
    ("spam", "She writes to our shop every Monday with a link to this page and a price list. We never asked."),
    ("spam", "Correos con este enlace a toda la lista de expositoras, en copia abierta. La mía estaba ahí."),
    ("spam", "I met her for two minutes at the fair and have had four mailings since, all with this link."),
    ("spam", "Le pedí que me borrara y me contestó con otra oferta y con el mismo enlace."),
    ("not_as_described", "Dice que dio un curso en nuestra empresa. Nadie de la casa la recuerda, y lo hemos buscado."),
    ("not_as_described", "Anuncia un título que no es oficial. Pregunté en el registro y allí no consta."),
    ("other", "Pone mi foto con las de sus alumnas en el mismo correo que este enlace. Nunca fui a un curso suyo."),
    ("other", "Mi nombre sale en sus referencias. Estuve en una charla gratuita y no le he recomendado a nadie."),
    ("other", "Cobró dos veces la inscripción que ofrece con este enlace, y tardó un mes en devolverme una."),
)
"""Public notices about her, of what kind and in which words; together as many as are shown in numbers."""
REPLY = "Gracias por escribirnos. Lo hemos comprobado y hemos tomado una decisión sobre esa persona, que conoce las razones."
ANSWERED_AT = "amparo@feria.test"
ANSWERED = {
    "kind": "other",
    "concerns": "Una invitación que me llegó por correo",
    "what_happened": "No conozco a nadie ahí y no sé quién les dio mi dirección. No quiero recibir más.",
    "email": ANSWERED_AT,
    "language": "es",
}
"""A public notice that is answered by letter; it links to nobody."""
ANSWER = "Te invitó alguien que escribió tu dirección. Ya no la guardamos, y no volveremos a escribirte por esa invitación."
WAITS = {
    "kind": "impersonation",
    "concerns": "A page in my name, Ana Ruiz Montero, dentist in Lugo",
    "what_happened": "A patient says that she saw me here, with my surgery's address. I have never signed up. Please look.",
    "language": "en",
}
"""The public notice that nobody has answered; it links to nobody."""

CASES = (
    Case(
        about="rebeca",
        told=LONG_AGO,
        decided=LONG_AGO,
        decision={
            "kind": "limit",
            "rule": "selling",
            "days": 30,
            "reasons": "Mandaste el enlace a tu página en envíos con ofertas a mujeres que no los habían pedido. Aquí no se vende así: "
            "durante treinta días solo pueden presentarte.",
        },
        read=LONG_AGO,
    ),
    Case(
        about="rebeca",
        by="ines",
        told=20,
        says={
            "kind": "not_as_described",
            "what_happened": "Dice que su empresa forma a los equipos de rehabilitación de mi ciudad. Pregunté, y allí no la conocen.",
            "attached": [{"what": "profile", "text": "Rebeca Lozano · Cumbre Formación, Alicante"}],
        },
        decided=19,
        decision={
            "kind": "change",
            "rule": "truth",
            "field": "organisation",
            "days": 21,
            "reasons": "Tu página nombra una empresa que, por lo que hemos visto, ya no existe. Escribe con quién trabajas ahora.",
        },
        read=18,
    ),
    Case(
        about="rebeca",
        by="hannah",
        told=6,
        says={
            "kind": "spam",
            "what_happened": "Five emails at work about a course, after we sat at one table. I said no to the second one.",
        },
        decided=5,
        decision={
            "kind": "limit",
            "rule": "selling",
            "days": 60,
            "reasons": "Volviste a mandar ofertas a quien te había dicho que no. Durante sesenta días solo pueden presentarte.",
        },
        read=3,
        appeal="Los dos últimos los mandó el programa de envíos, que yo ya había dado de baja. Puedo enseñar el recibo de la baja.",
    ),
)
"""In the order in which they are decided."""
