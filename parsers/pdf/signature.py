"""Reads what an electronic signature in a PDF claims (电子签章): whose it is and when; never whether it is valid."""

from __future__ import annotations

import re
from typing import Any

from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pypdf.generic import DictionaryObject

from parsers.facts.looks import Signature

_WHEN = re.compile(r"D:(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?([+\-Z])?(\d{2})?'?(\d{2})?")


_COMMON_NAME = b"\x06\x03\x55\x04\x03"
"""The DER of the attribute type commonName (2.5.4.3), before its value."""
_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
"""Kinds of text in DER by their tag."""


def is_timestamp(claims: DictionaryObject) -> bool:
    """Whether this is a time stamp (RFC 3161) and nobody's signature."""
    return _words(claims.get("/Type")) == "/DocTimeStamp" or _words(claims.get("/SubFilter")) == "/ETSI.RFC3161"


def signature_of(field_name: str, claims: DictionaryObject, size: int) -> Signature:
    """Return the signature's claims. ``size`` is the file's length in bytes, for what the signature covers.

    The certificate's name goes before the one that the signing program was told.
    """
    spans = claims.get("/ByteRange")
    numbers = [int(number) for number in spans.get_object()] if spans is not None else []
    covers = len(numbers) == 4 and numbers[0] == 0 and numbers[2] + numbers[3] == size
    return Signature(
        name=field_name,
        signer=_certificate_name(claims.get("/Contents")) or _words(claims.get("/Name")),
        signed_at=_moment(_words(claims.get("/M"))),
        kind=_words(claims.get("/SubFilter")).lstrip("/"),
        covers_whole_file=covers,
    )


def _words(value: Any) -> str:
    return str(value.get_object()) if hasattr(value, "get_object") else str(value or "")


def _moment(text: str) -> str:
    """Turn a PDF date (ISO 32000-1, 7.9.4) into ISO 8601; as it stands where it is none."""
    match = _WHEN.match(text)
    if not match:
        return text
    year, month, day, hour, minute, second, sign, zone_hour, zone_minute = match.groups()
    zone = (
        f"{sign}{zone_hour}:{zone_minute or '00'}" if sign in ("+", "-") and zone_hour else ("Z" if sign == "Z" else "")
    )
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"


def _certificate_name(contents: Any) -> str:
    """Return the common name in the signature's first end certificate; empty where there is none to be read."""
    if not isinstance(contents, bytes | str):
        return ""
    data = _der(contents if isinstance(contents, bytes) else contents.encode("latin-1", "ignore"))
    try:
        certificates = pkcs7.load_der_pkcs7_certificates(data)
        issuers = {certificate.issuer for certificate in certificates}
        ends = [one for one in certificates if one.subject not in issuers] or certificates
        names = ends[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""
    except Exception:  # noqa: BLE001 - a foreign certificate is no reason to lose the rest of the file
        return _printed_name(data)


def _printed_name(data: bytes) -> str:
    """Return the name in a signature of the national kind (国密 SM2, GB/T 38540), which the library cannot open.

    A certificate prints its issuer's name first and its holder's after: the first name that is followed by no
    later part of the same issuer is taken, which is the second one, or the only one.
    """
    names = []
    for match in re.finditer(re.escape(_COMMON_NAME), data):
        tag, length = data[match.end() : match.end() + 1], data[match.end() + 1 : match.end() + 2]
        if tag and length and tag[0] in _TEXTS and length[0] < 0x80:
            value = data[match.end() + 2 : match.end() + 2 + length[0]].decode(_TEXTS[tag[0]], "replace")
            names.append(value.strip("\0 "))
    return next(iter(names[1:2] or names), "")


def _der(data: bytes) -> bytes:
    """Cut the zero padding off: the outer length of the DER says where the signature ends."""
    if len(data) > 4 and data[0] == 0x30 and data[1] & 0x80:
        count = data[1] & 0x7F
        length = int.from_bytes(data[2 : 2 + count], "big")
        return data[: 2 + count + length]
    return data
