"""Small PDF files for tests, good and hostile, written by hand or by pypdf."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, NumberObject, TextStringObject

_PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
)


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="the owner's", algorithm="AES-256")
    return _written(writer)


def signed_by(data: bytes, signer: str) -> bytes:
    """A signature field with claims; the signature itself is empty, because only the claims are read."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    claims = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Sig"),
            NameObject("/SubFilter"): NameObject("/ETSI.CAdES.detached"),
            NameObject("/Name"): TextStringObject(signer),
            NameObject("/M"): TextStringObject("D:20260508093000+08'00'"),
            NameObject("/ByteRange"): ArrayObject([NumberObject(number) for number in (0, 100, 200, 50)]),
            NameObject("/Contents"): ByteStringObject(b"\0" * 8),
        }
    )
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("公章1"),
            NameObject("/V"): writer._add_object(claims),
        }
    )
    fields = ArrayObject([writer._add_object(field)])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
    return _written(writer)


def blank_pages(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    return _written(writer)


def form_that_draws_itself() -> bytes:
    return _raw(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE,
            _stream("", "/F Do"),
            _stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>", "/F Do /F Do"
            ),
        ]
    )


def a_million_drawings() -> bytes:
    """Six forms, each of which draws the next one ten times."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        _stream("", "/F Do"),
    ]
    for number in range(5, 11):
        resources = f"/Resources << /XObject << /F {number + 1} 0 R >> >>"
        objects.append(_stream(f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}", "/F Do " * 10))
    objects.append(_stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f"))
    return _raw(objects)


def _stream(keys: str, content: str) -> str:
    return f"<< {keys} /Length {len(content)} >>\nstream\n{content}\nendstream"


def _raw(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
