"""What the steward of the demo community settles at the end of the story."""

STEWARD = "elena"
NAMED = {"community_name": "Asociación Madrina, Valencia", "sender_name": "Madrina Valencia"}
SAID = {
    "said_en": "We meet on the first Thursday of the month, at seven, in the library by the river. Bring the woman who brought you.",
    "said_es": "Nos vemos el primer jueves de cada mes, a las siete, en la biblioteca del río. Trae a quien te trajo.",
}
SHOWN_DAYS = 30
