"""Two header fields straight from the raw bytes (信头两项), because intake must not parse mails.

Whatever is wrong with a mail, it is stored first; the reader looks at it later. Only what intake itself writes down is
taken here, by bytes, and nothing in it can fail.
"""

from __future__ import annotations

import re

_UNFOLD = re.compile(rb"\r?\n[ \t]+")
_LONGEST = 990


def field(head: bytes, name: bytes) -> str:
    """Return the first field of this name, unfolded and cut at 990 characters; empty where it is missing."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    found = re.search(rb"^" + re.escape(name) + rb":[ \t]*(.*(?:\r?\n[ \t]+.*)*)", block, re.IGNORECASE | re.MULTILINE)
    if found is None:
        return ""
    return _UNFOLD.sub(b" ", found[1]).decode("utf-8", errors="replace").strip()[:_LONGEST]
