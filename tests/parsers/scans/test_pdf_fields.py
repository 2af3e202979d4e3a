"""What people put on and into a PDF besides its pages: filled fields, text boxes, signatures, other files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from flows.demo.digital import make_filled_form, make_text_form
from parsers.facts.context import ReadContext
from parsers.facts.looks import Source
from parsers.facts.spool import MemorySpool
from parsers.form.read import FIELDS
from parsers.look.papers import look_at_pdf
from tests.parsers.scans import pdf_samples
from tests.parsers.scans.test_pdf import WANTED, WORDS, codes, values

WRITTEN = (WORDS.case_title, WORDS.applicant, WORDS.recommender, WORDS.submitted_on)
BLANK = replace(WORDS, case_title="", applicant="", recommender="", submitted_on="")


def test_text_boxes_put_on_top_of_a_blank_form_fill_it(blind: ReadContext, spool: MemorySpool) -> None:
    boxes = [(text, (230, 495 - 46 * row, 560, 515 - 46 * row)) for row, text in enumerate(WRITTEN)]

    look = look_at_pdf(pdf_samples.with_text_boxes(make_text_form(BLANK), boxes), spool, blind)

    assert values(look) == WANTED
    assert look.scan is not None
    assert look.scan.form is not None
    assert {getattr(look.scan.form, key).source for key in FIELDS} == {Source.ACROFORM}


def in_gbk(index: int, note: DictionaryObject, _: PdfWriter) -> None:
    note[NameObject("/V")] = ByteStringObject(WRITTEN[index].encode("gbk"))


def tall(_: int, note: DictionaryObject, __: PdfWriter) -> None:
    left, bottom, right, top = (float(side) for side in note["/Rect"])  # type: ignore[attr-defined] # an array
    note[NameObject("/Rect")] = ArrayObject([FloatObject(side) for side in (left, bottom - 18, right, top + 4)])


def chosen_from_a_list(index: int, note: DictionaryObject, _: PdfWriter) -> None:
    if index == 2:
        note[NameObject("/FT")] = NameObject("/Ch")
        note[NameObject("/V")] = ArrayObject([TextStringObject(WRITTEN[index])])


def kept_by_the_parent(_: int, note: DictionaryObject, writer: PdfWriter) -> None:
    parent = DictionaryObject({NameObject(key): note.pop(key) for key in ("/T", "/V", "/FT")})
    note[NameObject("/Parent")] = writer._add_object(parent)


def with_the_corners_swapped(_: int, note: DictionaryObject, __: PdfWriter) -> None:
    left, bottom, right, top = list(note["/Rect"])  # type: ignore[call-overload] # an array
    note[NameObject("/Rect")] = ArrayObject([right, top, left, bottom])


@pytest.mark.parametrize("change", [in_gbk, tall, chosen_from_a_list, kept_by_the_parent, with_the_corners_swapped])
def test_a_field_is_read_however_its_program_stored_it(
    change: Callable[[int, DictionaryObject, PdfWriter], None], blind: ReadContext, spool: MemorySpool
) -> None:
    assert values(look_at_pdf(pdf_samples.with_widgets(make_filled_form(WORDS), change), spool, blind)) == WANTED


@pytest.mark.parametrize(
    ("key", "value"), [("/F", NumberObject(2)), ("/V", NameObject("/Yes"))], ids=["hidden", "a ticked box"]
)
def test_what_nobody_sees_fills_nothing(
    key: str, value: NumberObject | NameObject, blind: ReadContext, spool: MemorySpool
) -> None:
    def change(index: int, note: DictionaryObject, _: PdfWriter) -> None:
        if index == 1:
            note[NameObject(key)] = value

    look = look_at_pdf(pdf_samples.with_widgets(make_filled_form(WORDS), change), spool, blind)

    assert values(look) == (WANTED[0], "", WANTED[2], WANTED[3])


def test_the_blank_cover_of_embedded_files_is_no_blank_paper(blind: ReadContext, spool: MemorySpool) -> None:
    bundle = pdf_samples.with_attachment(pdf_samples.blank_pages(1), "推荐表.pdf", portfolio=True)

    assert codes(look_at_pdf(bundle, spool, blind)) == []
    assert codes(look_at_pdf(pdf_samples.blank_pages(1), spool, blind)) == ["pages-blank"]


def test_a_form_that_only_adobe_can_draw_says_so(blind: ReadContext, spool: MemorySpool) -> None:
    def needing(_: int, __: DictionaryObject, writer: PdfWriter) -> None:
        from pypdf.generic import BooleanObject  # noqa: PLC0415 - used here only

        writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(value=True)

    look = look_at_pdf(pdf_samples.with_widgets(make_filled_form(WORDS), needing), spool, blind)

    assert codes(look) == ["pdf-dynamic-form"]


def signature(common_name: str) -> bytes:
    """A real detached signature by a certificate that another one issued."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某电子认证中心")])
    holder = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    certificates = []
    for subject, public in ((root, root_key.public_key()), (holder, key.public_key())):
        certificates.append(
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root)
            .public_key(public)
            .serial_number(len(certificates) + 1)
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=365))
            .sign(root_key, hashes.SHA256())
        )
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"")
        .add_signer(certificates[1], key, hashes.SHA256())
        .add_certificate(certificates[0])
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])
    )


def test_the_signer_is_the_holder_of_the_certificate_not_who_the_program_was_told(
    blind: ReadContext, spool: MemorySpool
) -> None:
    padded = signature(WORDS.applicant) + bytes(500)
    claims = pdf_samples.claims_of("签名用户1", Contents=ByteStringObject(padded))

    scan = look_at_pdf(pdf_samples.signed_with(make_text_form(WORDS), claims), spool, blind).scan

    assert scan is not None
    assert [one.signer for one in scan.signatures] == [WORDS.applicant]


def test_a_seal_of_the_national_kind_names_its_holder_too(blind: ReadContext, spool: MemorySpool) -> None:
    # The library cannot open such a structure; here its first bytes are foreign, the certificate inside is whole.
    foreign = b"\x30\x82\x0f\xff" + b"\x06\x08\x2a\x81\x1c\xcf\x55\x01\x83\x75"
    der = b"".join(
        b"\x06\x03\x55\x04\x03\x0c" + bytes([len(name.encode())]) + name.encode()
        for name in ("某电子认证中心", WORDS.applicant)
    )
    claims = pdf_samples.claims_of("", Contents=ByteStringObject(foreign + der), SubFilter=NameObject("/GM.sm2seal"))

    scan = look_at_pdf(pdf_samples.signed_with(make_text_form(WORDS), claims), spool, blind).scan

    assert scan is not None
    assert [(one.signer, one.kind) for one in scan.signatures] == [(WORDS.applicant, "GM.sm2seal")]


def test_a_time_stamp_is_nobodys_signature(blind: ReadContext, spool: MemorySpool) -> None:
    claims = pdf_samples.claims_of(
        "某时间戳服务", Type=NameObject("/DocTimeStamp"), SubFilter=NameObject("/ETSI.RFC3161")
    )

    scan = look_at_pdf(pdf_samples.signed_with(make_text_form(WORDS), claims), spool, blind).scan

    assert scan is not None
    assert scan.signatures == ()


def test_a_signature_over_every_byte_of_the_file_is_told_from_one_with_bytes_added_after(
    blind: ReadContext, spool: MemorySpool
) -> None:
    def spans(end: int) -> DictionaryObject:
        numbers = ArrayObject([NumberObject(number) for number in (0, 1000, 1100, end - 1100)])
        return pdf_samples.claims_of(WORDS.applicant, ByteRange=numbers)

    size = len(pdf_samples.signed_with(make_text_form(WORDS), spans(9999)))
    signed = pdf_samples.signed_with(make_text_form(WORDS), spans(size))
    assert len(signed) == size

    covered = [look_at_pdf(data, spool, blind).scan for data in (signed, signed + b"% added later\n")]

    assert [scan.signatures[0].covers_whole_file for scan in covered if scan] == [True, False]
