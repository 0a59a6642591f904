"""A form with a file, read strictly (RFC 7578): what isn't written as browsers write it isn't read at all.

Not by python-multipart: that reads a stream, and here the body is whole and its length bounded, so it would be as much code again around
one more dependency. Starlette's parser over it also takes bytes that aren't UTF-8 for Latin-1, which would be words that nobody wrote.
"""

import re

_BOUNDARY = re.compile(r'multipart/form-data;\s*boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'form-data; name="([\w.-]{1,80})"(; filename="[^"\r\n]*")?', re.IGNORECASE)


def read(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """The fields in their order, and the one file, empty if none was chosen. Raises ValueError."""
    boundary = _BOUNDARY.fullmatch(content_type)
    if boundary is None:
        raise ValueError("no boundary")
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    if first or not parts or parts.pop().strip() != b"--":
        raise ValueError("not a form")
    fields, file = [], b""
    for part in parts:
        head, gap, value = part.partition(b"\r\n\r\n")
        named = _NAME.search(head)
        if not gap or named is None:
            raise ValueError("a part without a name")
        if named[2] is not None:
            file = value
        else:
            fields.append((named[1].decode(), value.decode()))
    return fields, file
