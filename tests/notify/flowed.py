"""Reads a text part as RFC 3676 says, with DelSp: what a mail program fills anew."""


def unflowed(text: str) -> str:
    """Whole lines, `> ` before those that are quoted."""
    found: list[str] = []
    goes_on: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if goes_on == depth:
            found[-1] += words[:-1] if soft else words
        else:
            mark = ">" * depth + " " if depth and words else ">" * depth
            found.append(mark + (words[:-1] if soft else words))
        goes_on = depth if soft else None
    return "\n".join(found)
