"""What a browser is, in two words: which program, on which system. What it says of itself beyond that isn't kept."""

import re

# In this order: most claim to be the others as well.
_PROGRAMS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"(Firefox|FxiOS)/",
    "Chrome": r"(Chrome|CriOS|Chromium)/",
    "Safari": r"Safari/",
}
_SYSTEMS = {
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Android": r"Android",
    "Windows": r"Windows",
    "ChromeOS": r"CrOS",
    "Mac": r"Macintosh|Mac OS X",
    "Linux": r"Linux|X11",
}


def device_of(user_agent: str) -> str:
    """As in "Firefox, Linux"; one of the two, or nothing, if it doesn't say."""
    named = (next((name for name, said in names.items() if re.search(said, user_agent[:500])), "") for names in (_PROGRAMS, _SYSTEMS))
    return ", ".join(filter(None, named))
