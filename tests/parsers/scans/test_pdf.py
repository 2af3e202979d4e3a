"""What is known of a PDF before anyone reads its pictures, and which files are refused."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from flows.demo.digital import make_filled_form, make_scan_with_text, make_text_form
from flows.demo.papers import FormWords, invent_words, make_form, make_page
from parsers.facts.context import ReadContext
from parsers.facts.looks import Colour, FormKind, Look, Signature, Source, TextLayer
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.form.read import FIELDS
from parsers.look.papers import look_at_pdf
from tests.parsers.scans import pdf_samples

WORDS = replace(invent_words(5), submitted_on="2026年5月8日")
WANTED = (WORDS.case_title, WORDS.applicant, WORDS.recommender, "2026-05-08")


def values(look: Look) -> tuple[str, ...]:
    assert look.scan is not None
    assert look.scan.form is not None
    return tuple(getattr(look.scan.form, key).value for key in FIELDS)


def codes(look: Look) -> list[str]:
    return [problem.code for problem in look.problems]


def test_a_form_from_a_word_processor_is_read_from_its_own_text(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(make_text_form(WORDS), spool, blind)

    assert values(look) == WANTED
    assert look.scan is not None
    assert look.scan.form is not None
    form = look.scan.form
    assert all(getattr(form, key).certain and getattr(form, key).source is Source.TEXT for key in FIELDS)
    assert (form.kind, look.scan.text_layer, look.scan.scanned) == (FormKind.CURRENT, TextLayer.REAL, False)
    assert WORDS.applicant in look.text


def test_a_drawn_page_without_pictures_hides_no_seal(blind: ReadContext, spool: MemorySpool) -> None:
    scan = look_at_pdf(make_text_form(WORDS), spool, blind).scan

    assert scan is not None
    assert (scan.seals, scan.clean, scan.colour) == ((), True, Colour.COLOUR)
    assert scan.seal_place is not None
    assert 0 < len(spool.get(scan.seal_place)) <= 30_000


def test_a_filled_pdf_form_is_read_from_its_fields(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(make_filled_form(WORDS), spool, blind)

    assert values(look) == WANTED
    assert look.scan is not None
    assert look.scan.form is not None
    assert look.scan.form.applicant.source is Source.ACROFORM


def test_an_unfilled_line_is_blank_for_certain_and_so_is_the_frame_of_a_date(
    blind: ReadContext, spool: MemorySpool
) -> None:
    words = replace(WORDS, recommender="", submitted_on="   年   月   日")

    look = look_at_pdf(make_text_form(words), spool, blind)

    assert look.scan is not None
    assert look.scan.form is not None
    form = look.scan.form
    assert (form.recommender.value, form.recommender.certain) == ("", True)
    assert (form.submitted_on.value, form.submitted_on.certain) == ("", True)
    assert form.applicant.value == WORDS.applicant


def test_words_that_a_scanner_put_behind_the_picture_are_known_as_such(blind: ReadContext, spool: MemorySpool) -> None:
    page = make_page(WORDS, seal=None, scenario="dpi100", seed=5)
    wrong = replace(WORDS, applicant="舟山景兴环保科技股份有限公司")

    scan = look_at_pdf(make_scan_with_text(page, wrong), spool, blind).scan

    assert scan is not None
    assert (scan.text_layer, scan.scanned, scan.form) == (TextLayer.SCANNER, True, None)


def test_without_ocr_a_scan_has_pages_and_no_form(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(make_form(WORDS, seal=None, scenario="dpi100", seed=1), spool, blind)

    assert look.scan is not None
    assert (look.scan.pages, look.scan.scanned, look.scan.form, look.text) == (1, True, None, "")


def test_an_empty_open_password_is_opened(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(pdf_samples.encrypted(make_text_form(WORDS), ""), spool, blind)

    assert values(look) == WANTED
    assert codes(look) == []


def test_a_real_password_is_named_with_its_cure(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(pdf_samples.encrypted(make_text_form(WORDS), "开门"), spool, blind)

    assert look.scan is None
    assert [(problem.code, problem.weight) for problem in look.problems] == [("pdf-encrypted", Weight.UNREADABLE)]
    assert "密码" in look.problems[0].cure


@pytest.mark.parametrize(
    "bomb",
    [
        pdf_samples.form_that_draws_itself,
        pdf_samples.a_million_drawings,
        pdf_samples.hidden_by_an_escape,
        pdf_samples.in_a_note,
        pdf_samples.in_a_pattern,
        pdf_samples.in_a_mask,
        pdf_samples.in_a_font,
    ],
)
def test_bombs_that_hang_the_renderer_are_refused_unopened(bomb, blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(bomb(), spool, blind)

    assert look.scan is None
    assert codes(look) == ["pdf-hostile"]


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\n", b"<html>not a pdf</html>", b"%PDF-1.4\n" + bytes(range(256)) * 20],
    ids=["empty", "head only", "html", "noise"],
)
def test_what_is_no_pdf_ends_in_a_problem(data: bytes, blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(data, spool, blind)

    assert look.scan is None
    assert look.problems[-1].code == "pdf-damaged"
    assert look.problems[-1].cure


def test_a_pdf_cut_in_half_ends_in_a_problem(blind: ReadContext, spool: MemorySpool) -> None:
    data = make_form(WORDS, seal=None, scenario="dpi100", seed=1)

    assert "pdf-damaged" in codes(look_at_pdf(data[: len(data) // 2], spool, blind))


def test_a_lost_cross_reference_is_repaired(blind: ReadContext, spool: MemorySpool) -> None:
    data = make_text_form(WORDS)
    broken = data[: data.rindex(b"startxref")]

    assert values(look_at_pdf(broken, spool, blind)) == WANTED


def test_a_page_of_two_million_points_ends_in_a_problem_and_costs_no_more_pixels_than_any_other(
    blind: ReadContext, spool: MemorySpool
) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_text_form(WORDS))))
    writer.pages[0].mediabox.upper_right = (2_000_000, 842)
    out = io.BytesIO()
    writer.write(out)

    look = look_at_pdf(out.getvalue(), spool, blind)

    assert (look.scan, codes(look)) == (None, ["pdf-damaged"])


@pytest.mark.slow
def test_only_thirty_pages_are_looked_at_and_the_rest_is_said_to_be_unseen(
    blind: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_pdf(pdf_samples.joined(make_text_form(WORDS), *[_plain_text(WORDS)] * 39), spool, blind)

    assert look.scan is not None
    assert (look.scan.pages, look.scan.clean) == (40, False)
    assert codes(look) == ["pdf-many-pages"]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_with_a_rotation_of_its_own_reads_the_same(turned: int, blind: ReadContext, spool: MemorySpool) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_text_form(WORDS))))
    page = writer.pages[0]
    # The drawing is turned back inside the page, as writers do who store sheets lying on their side.
    page.add_transformation(
        [*{90: (0, 1, -1, 0, 842, 0), 180: (-1, 0, 0, -1, 595, 842), 270: (0, -1, 1, 0, 0, 595)}[turned]]
    )
    page[NameObject("/Rotate")] = NumberObject(turned)
    if turned != 180:
        page.mediabox.upper_right = (842, 595)
    out = io.BytesIO()
    writer.write(out)

    assert values(look_at_pdf(out.getvalue(), spool, blind)) == WANTED


def test_a_signature_is_told_with_what_it_claims(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(pdf_samples.signed_by(make_text_form(WORDS), WORDS.applicant), spool, blind)

    assert look.scan is not None
    assert look.scan.signatures == (
        Signature(
            "公章1", WORDS.applicant, "2026-05-08T09:30:00+08:00", "ETSI.CAdES.detached", covers_whole_file=False
        ),
    )


def test_a_long_text_that_is_no_form_is_read_as_a_report(blind: ReadContext, spool: MemorySpool) -> None:
    long = FormWords(
        "以标准引领" * 12, "一、企业概况" * 10, "二、特色实践" * 10, "三、经验启示" * 10, title="某案例", footer=""
    )

    look = look_at_pdf(_plain_text(long), spool, blind)

    assert look.report is not None
    assert look.report.format == "pdf"


def _plain_text(words: FormWords) -> bytes:
    out = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out, invariant=1)
    canvas.setFont("STSong-Light", 10)
    for index in range(40):
        part = (words.case_title, words.applicant, words.recommender, words.submitted_on)[index % 4]
        canvas.drawString(60, 780 - 18 * index, part[:40])
    canvas.showPage()
    canvas.save()
    return out.getvalue()
