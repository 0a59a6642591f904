"""Who they are. Every name, employer and address here is invented."""

from dataclasses import dataclass
from typing import Any, Literal

from deploy.local.community import said

FIRST_DAY = 60
"""Days ago that the first of them join."""


@dataclass(frozen=True)
class Person:
    """One woman of the community, by the short name that story.py calls her."""

    key: str
    name: str
    headline: str
    organisation: str
    place: str
    languages: tuple[str, ...]
    language: str
    time_zone: str
    joined: int = FIRST_DAY
    """Days ago."""
    visibility: Literal["members", "connections"] = "members"
    bar: Literal["anyone", "met", "introduced"] = "met"
    question: str = ""
    """Hers, which each requester answers."""
    sponsor: str = ""
    """By whose invitation she came, who makes another one then; empty if by nobody's."""

    @property
    def email(self) -> str:
        return f"{self.key}@madrina.test"

    def profile(self) -> dict[str, Any]:
        """Her profile as the members service takes it."""
        return {
            "name": self.name,
            "headline": self.headline,
            "organisation": self.organisation,
            "place": self.place,
            "languages": list(self.languages),
            "language": self.language,
            "time_zone": self.time_zone,
            "visibility": self.visibility,
            **said.of(self.key),
        }


PEOPLE = (
    Person(
        "amara",
        "Amara Okafor",
        "Paediatric cardiologist, building a registry of childhood heart surgery",
        "Harbour Children's Hospital",
        "London",
        ("en", "ig"),
        "en",
        "Europe/London",
        question="What do you do in the hour before it gets difficult?",
    ),
    Person(
        "hannah",
        "Hannah Lindqvist",
        "Structural engineer for tall timber buildings",
        "Lindqvist & Strand",
        "Gothenburg",
        ("sv", "en", "de"),
        "en",
        "Europe/Stockholm",
    ),
    Person(
        "priya",
        "Priya Raman",
        "Product lead for payments that work without a smartphone",
        "Tarang Pay",
        "London",
        ("en", "ta", "hi"),
        "en",
        "Europe/London",
    ),
    Person(
        "grace",
        "Grace Mwangi",
        "Founder of solar cold stores for smallholders",
        "Mavuno Cold",
        "Nairobi",
        ("en", "sw"),
        "en",
        "Africa/Nairobi",
    ),
    Person(
        "ruth",
        "Ruth Feldman",
        "Employment lawyer for people who are paid by the task",
        "Aire Street Law Centre",
        "Leeds",
        ("en", "fr"),
        "en",
        "Europe/London",
        bar="anyone",
    ),
    Person(
        "maeve",
        "Maeve Brennan",
        "Documentary editor: rivers, work, and who gets a say",
        "Second Cut Films",
        "Dublin",
        ("en", "ga", "es"),
        "en",
        "Europe/Dublin",
    ),
    Person(
        "lucia",
        "Lucía Ferrer",
        "Ingeniera de datos clínicos, de la historia médica al estudio",
        "Hospital del Turia",
        "Valencia",
        ("es", "ca", "en"),
        "es",
        "Europe/Madrid",
    ),
    Person(
        "carmen",
        "Carmen Ibáñez",
        "Directora de una cooperativa de energía con 4.000 socias y socios",
        "Cierzo Energía",
        "Zaragoza",
        ("es", "en"),
        "es",
        "Europe/Madrid",
    ),
    Person(
        "valentina",
        "Valentina Rojas",
        "Hidróloga: agua subterránea y riego en zonas áridas",
        "Centro de Aguas del Norte",
        "La Serena",
        ("es", "en"),
        "es",
        "America/Santiago",
    ),
    Person(
        "ines",
        "Inés Aguirre",
        "Arquitecta de rehabilitación, sobre todo en madera y piedra",
        "Estudio Ría",
        "Bilbao",
        ("es", "eu", "en"),
        "es",
        "Europe/Madrid",
    ),
    Person(
        "marisol",
        "Marisol Quispe",
        "Fundadora de un taller textil de alpaca con 60 tejedoras",
        "Taller Sillustani",
        "Arequipa",
        ("es", "qu", "en"),
        "es",
        "America/Lima",
    ),
    Person(
        "elena",
        "Elena Navarro",
        "Periodista de datos: agua, salud y energía",
        "La Medida",
        "Madrid",
        ("es", "en"),
        "es",
        "Europe/Madrid",
    ),
    Person(
        "maria",
        "María de los Ángeles Etxeberria-Goikoetxea Fernández de Larrinoa",
        "Ingeniera de climatización hospitalaria: quirófanos, laboratorios y unidades de cuidados intensivos neonatales",
        "Servicio de Infraestructuras Hospitalarias",
        "Donostia / San Sebastián",
        ("es", "eu", "fr"),
        "es",
        "Europe/Madrid",
        visibility="connections",
    ),
    Person(
        "suryani",
        "Suryani",
        "Batik dyer who teaches natural dyes",
        "",
        "Yogyakarta",
        ("en", "id", "jv"),
        "en",
        "Asia/Jakarta",
    ),
    Person(
        "catalina",
        "Catalina Rueda",
        "Lleva talleres pequeños de los Andes a las ferias de Europa",
        "Rueda y Compañía",
        "Popayán",
        ("es", "en"),
        "es",
        "America/Bogota",
    ),
    Person(
        "pilar",
        "Pilar Sanz",
        "Consultora",
        "",
        "Zaragoza",
        ("es",),
        "es",
        "Europe/Madrid",
    ),
    Person(
        "nora",
        "Nora Haddad",
        "CFO at a family-owned logistics company",
        "Haddad & Zonen",
        "Rotterdam",
        ("en", "nl", "ar"),
        "en",
        "Europe/Amsterdam",
        joined=7,
        bar="introduced",
    ),
    Person(
        "bethan",
        "Bethan Rees",
        "Maker of walking boots, two apprentices",
        "",
        "Machynlleth",
        ("en", "cy"),
        "en",
        "Europe/London",
        joined=1,
        sponsor="ruth",
    ),
    Person(
        "joana",
        "Joana Prats",
        "Maestra de escuela rural",
        "",
        "Morella",
        ("es", "ca"),
        "es",
        "Europe/Madrid",
        joined=0,
    ),
    Person(
        "marta",
        "Marta Olmo",
        "Arquitecta de hospitales",
        "",
        "Sevilla",
        ("es",),
        "es",
        "Europe/Madrid",
        joined=0,
    ),
)

SUSPENDED = ("pilar",)
"""Whom moderators suspend at the end of the story."""

MODERATORS = ("ruth",)
"""What they may do shows once they have shown a passkey: docs/local-stack.md says how."""

SECOND_ADDRESSES = {"amara": "amara.okafor@harbour.test"}
"""What introductions pass on of her, in place of the address she signs in with."""

SIGN_IN_AS = (
    ("grace@madrina.test", "Grace, in English: three women wait for her word"),
    ("carmen@madrina.test", "Carmen, en español: her vouch went well; she can say how an introduction went"),
    ("priya@madrina.test", "Priya, in English: she and Nora said yes today"),
    ("marta@madrina.test", "Marta, en español: she has just joined"),
    ("ruth@madrina.test", "Ruth, in English: a moderator, once she has a passkey (docs/local-stack.md says how)"),
    ("elena@madrina.test", "Elena, en español: the steward, with a passkey as well"),
)
