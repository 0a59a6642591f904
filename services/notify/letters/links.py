"""Links in members' words. No mail program shall make a link of them: to its reader it would look like one of ours.

So they are written to be read: without their scheme, and with `[.]` for each dot that could stand in the name of a host.
"""

import re

_SUSPECT = re.compile(r"[.:/\\。．｡․]")
# Any scheme with its slashes, or one of those that programs link without any. `hthttp://tp://` hides a second one in the first.
_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]*:(?://|\\\\)[/\\]*"
    r"|(?<![a-z0-9])(?:https?|ftps?|mailto|tel|sms|callto|skype|sips?|xmpp|irc|news|feed|webcal|whatsapp|tg|magnet):(?=\S)[/\\]*",
    re.IGNORECASE,
)
_NO_SCHEME = re.compile(r"([/\\])[/\\]+")  # //host, \\server\share

_NO_LABEL = r"\s.,;:!?()\[\]{}<>\"'«»“”‘’…/\\@"
_HOST = re.compile(
    rf"(?<=[^{_NO_LABEL}])\.(?=[^\W\d_][^{_NO_LABEL}])"  # before a label that could be the last: a letter, and more
    r"|(?:(?<=www)|(?<=ftp))\."
    r"|(?<=[A-Za-z0-9-])[。．｡․](?=[A-Za-z0-9])",  # what a browser takes for a dot; between other letters they end a sentence
    re.IGNORECASE,
)
_IP = re.compile(r"\d+(?:\.\d+){3,}")


class Link(str):
    """An address that may be a link: it is ours, or the letter is there to give it."""


def unlinked(words: str) -> str:
    """These words with nothing in them that a mail program would make a link of: `https://evil.example/in` is `evil[.]example/in`.

    Numbers (`3.5`) and abbreviations (`e.g.`, `U.S.`) stay as they are; so does what has no dot.
    """
    if not _SUSPECT.search(words):
        return words
    before = None
    while before != words:
        before, words = words, _SCHEME.sub("", words)
    words = _NO_SCHEME.sub(r"\1", words)
    return _HOST.sub("[.]", _IP.sub(lambda found: found[0].replace(".", "[.]"), words))
