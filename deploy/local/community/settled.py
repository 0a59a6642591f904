"""What the steward of the demo community settles at the end of the story."""

from typing import Any

STEWARD = "elena"
NAMED = {"community_name": "Asociación Madrina, Valencia", "sender_name": "Madrina Valencia"}
SAID = {
    "said_en": "We meet on the first Thursday of the month, at seven, in the library by the river. Bring the woman who brought you.",
    "said_es": "Nos vemos el primer jueves de cada mes, a las siete, en la biblioteca del río. Trae a quien te trajo.",
}
SHOWN_DAYS = 30

ASKS, RECOMMENDS = "aitana", "ines"
"""While joining is by request, she asks to join and is recommended; then the steward opens it, and her request waits all the same."""
REQUEST: dict[str, Any] = {
    "name": "Aitana Sorolla",
    "about": "Soy aparejadora y llevo doce años entre andamios. Inés me enseñó a escuchar una viga; busco a quienes rehabilitan lo que "
    "otras derriban.",
    "recommender": "ines@madrina.test",
    "language": "es",
    "adult": True,
    "terms": 1,
}
