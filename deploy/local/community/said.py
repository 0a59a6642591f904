"""What they say of themselves beyond their headlines: how a name is said, what each helps with and looks for, and who may be found."""

from typing import Any

HOW_IT_IS_SAID = {
    "amara": "ah-MAH-rah oh-KAH-for",
    "maeve": "MAYV BREN-un",
    "grace": "grace MWAHN-gee",
    "maria": "echeberría-goicoechea",
    "bethan": "BETH-an REESS",
}
HELPS_WITH = {
    "amara": "Registries that doctors really fill in.\nThe first year as a consultant.",
    "hannah": "Fire rules for tall timber.\nMoving to Sweden with a family.",
    "priya": "Payments where the network fails.\nA first product team.",
    "grace": "Selling to cooperatives.\nCustoms at Mombasa.",
    "ruth": "A contract that looks wrong.\nSaying no to an employer, in writing.",
    "maeve": "Cutting an hour to eleven minutes.\nFunding a film that has no hero.",
    "lucia": "Datos clínicos sin perder a la paciente.\nÉtica y comités.",
    "carmen": "Montar una cooperativa de energía.\nAsambleas que terminan a su hora.",
    "valentina": "Pozos, acuíferos y permisos de agua.",
    "ines": "Rehabilitar en madera.\nHablar con un ayuntamiento.",
    "marisol": "Exportar textil sin intermediarios.",
    "elena": "Leer una estadística con mala intención.\nHablar con la prensa.",
    "suryani": "Natural dyes: indigo, mangrove, patience.",
    "nora": "Cash flow in a family firm.",
}
SEEKS = {
    "amara": "A statistician who likes small numbers.",
    "grace": "Women who have raised money without selling the company.",
    "ruth": "Engineers who can explain an algorithm to a judge.",
    "lucia": "Alguien que haya llevado un registro de un hospital a veinte.",
    "carmen": "Una abogada que conozca las cooperativas por dentro.",
    "valentina": "Regantes que midan lo que gastan.",
    "suryani": "A museum with a garden.",
}
FINDABLE = {"amara", "hannah", "priya", "grace", "ruth", "lucia", "carmen", "valentina", "ines", "elena", "suryani", "pilar"}
"""Pilar allowed it too; she is suspended, and so nobody finds her."""


def of(key: str) -> dict[str, Any]:
    """The fields of her profile."""
    said = {"pronunciation": HOW_IT_IS_SAID, "help_with": HELPS_WITH, "seeking": SEEKS}
    return {**{field: texts.get(key, "") for field, texts in said.items()}, "findable": key in FINDABLE}
