"""Mail addresses from raw header values (地址): split before anything is decoded, so no name can forge a comma."""

from __future__ import annotations

import re
from collections.abc import Callable

from parsers.facts.mails import Address
from parsers.facts.problem import Problem, Weight
from parsers.mail.headers import decode_words

ADDRESSES = 500
"""Addresses in one field beyond this number are left unread."""
FIELD_BYTES = 64 * 1024

_TOKEN = re.compile(
    rb"""=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=   # an encoded word, whatever stands inside
    | "(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)          # a quoted name, or all that follows an open quote
    | <[^<>]*>                               # the address
    | [,;:()]
    | [^"<>,;:()=]+ | .""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[^\s<>()\[\]\\,;:\"'@]{1,128}@[^\s<>()\[\]\\,;:\"'@]{1,255}")
_WIDE = str.maketrans({"＜": "<", "＞": ">", "＠": "@"})


def read_addresses(values: tuple[bytes, ...], tell: Callable[[Problem], None]) -> tuple[Address, ...]:
    """Read the addresses of all fields of one name, in order. Never raises.

    ``;`` separates like ``,`` (Outlook writes it), groups give their members, and a name without an address is
    kept with an empty address.
    """
    found: list[Address] = []
    for value in values:
        if len(value) > FIELD_BYTES:
            tell(
                Problem(
                    "header-too-large",
                    f"一项地址信头长 {len(value)} 字节，只读了前 {FIELD_BYTES} 字节。",
                    weight=Weight.SUSPECT,
                )
            )
        for piece in _split(value[:FIELD_BYTES]):
            address = _one(piece, tell)
            if address is not None:
                found.append(address)
            if len(found) >= ADDRESSES:
                tell(
                    Problem(
                        "header-too-many-addresses",
                        f"一项信头里有超过 {ADDRESSES} 个地址，其余未读。",
                        weight=Weight.SUSPECT,
                    )
                )
                return tuple(found)
    return tuple(found)


def _split(value: bytes) -> list[list[bytes]]:
    """Cut a field into addresses, each a list of tokens without comments."""
    pieces: list[list[bytes]] = []
    current: list[bytes] = []
    depth = 0
    comment: list[bytes] = []
    for match in _TOKEN.finditer(value):
        token = match[0]
        if token == b"(":
            depth += 1
        elif token == b")" and depth:
            depth -= 1
        elif depth:
            comment.append(token)
        elif token in {b",", b";"}:
            pieces.append([*current, *_as_name(current, comment)])
            current, comment = [], []
        elif token == b":" and not any(b"@" in part for part in current):
            # The name of a group; its members follow.
            current = []
        else:
            current.append(token)
    pieces.append([*current, *_as_name(current, comment)])
    return [piece for piece in pieces if b"".join(piece).strip()]


def _as_name(current: list[bytes], comment: list[bytes]) -> list[bytes]:
    """``a@b (张三)``, the old style, names the person in the comment; elsewhere comments say nothing."""
    named = any(token.startswith((b"<", b'"')) for token in current)
    return [b" ", *comment] if comment and not named else []


def _one(tokens: list[bytes], tell: Callable[[Problem], None]) -> Address | None:
    angle = [token for token in tokens if token.startswith(b"<") and token.endswith(b">")]
    address = ""
    if angle:
        address = _address(angle[-1][1:-1], tell)
        tokens = [token for token in tokens if token is not angle[-1]]
    raw_name = b"".join(_unquoted(token) for token in tokens)
    name = decode_words(raw_name, tell).translate(_WIDE)
    if not address:
        match = _BARE.search(name)
        if match is not None:
            address = match[0].lower()
            name = name[: match.start()] + name[match.end() :]
    name = name.strip(" \"'<>").strip()
    if not name and not address:
        return None
    return Address(name, address)


def _unquoted(token: bytes) -> bytes:
    if len(token) >= 2 and token.startswith(b'"') and token.endswith(b'"'):
        return re.sub(rb'\\(["\\])', rb"\1", token[1:-1])
    return token


def _address(raw: bytes, tell: Callable[[Problem], None]) -> str:
    """``<a@b>`` as lower-case text; blanks inside are folding, a source route (``@a,@b:c@d``) is dropped."""
    text = decode_words(raw, tell).translate(_WIDE).replace(" ", "")
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if text.lower().startswith("mailto:"):
        text = text[7:]
    return text.strip("'\"").lower()
