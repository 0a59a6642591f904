"""A no with a kind sentence: which there are, and how they read. She chooses one, so that nobody has to find words; none gives a reason."""

from collections.abc import Mapping
from typing import Literal

KindAnswer = Literal["thank_you", "wish_you_well", "read_it", "rather_answer", "good_luck"]

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "thank_you": "Thank you for asking me. This time my answer is no.",
        "wish_you_well": "Thank you for asking. It isn't for me at the moment, and I wish you well.",
        "read_it": "I have read what you wrote. My answer is no, and I say it kindly.",
        "rather_answer": "I would rather answer than leave you waiting: it's a no, and thank you for asking.",
        "good_luck": "I won't say yes to this. Good luck with what you have in mind.",
    },
    "es": {
        "thank_you": "Gracias por pensar en mí. Esta vez te digo que no.",
        "wish_you_well": "Gracias por escribirme. Por ahora no es para mí, y te deseo lo mejor.",
        "read_it": "Leí lo que me escribiste. Te digo que no, y te lo digo con cariño.",
        "rather_answer": "Prefiero contestarte a dejarte esperando: es un no, y gracias por escribirme.",
        "good_luck": "Esta vez no te voy a decir que sí. Mucha suerte con lo que tienes entre manos.",
    },
}
"""By language and code: what the woman who asked reads, in her own language."""
