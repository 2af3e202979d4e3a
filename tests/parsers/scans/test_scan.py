"""Whole pages read by OCR: a few in the fast run, every kind of wear in the slow one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.demo.digital import make_scan_with_text
from flows.demo.papers import FormWords, invent_words, make_form, make_jpeg, make_page, make_photo, make_tiff
from parsers.facts.context import ReadContext
from parsers.facts.looks import Colour, FormFacts, FormKind, Look
from parsers.facts.spool import MemorySpool
from parsers.form.certainty import comparable
from parsers.form.date import read_date
from parsers.form.read import FIELDS
from parsers.look.papers import look_at_pdf, look_at_picture

READABLE = (
    "poor", "skew", "phone", "rot90", "rot180", "table", "below", "split", "wide", "redhead", "dpi600", "overname",
    "oval",
)  # fmt: skip
"""The bench reads every scenario many times; here each kind of trouble once."""


def form_of(look: Look) -> FormFacts:
    assert look.scan is not None
    assert look.scan.form is not None
    return look.scan.form


def truth(words: FormWords) -> dict[str, str]:
    day = read_date(words.submitted_on)
    assert day is not None
    return {
        "case_title": words.case_title,
        "applicant": words.applicant,
        "recommender": words.recommender,
        "submitted_on": day.isoformat(),
    }


def wrong(form: FormFacts, words: FormWords) -> list[str]:
    return [key for key, value in truth(words).items() if comparable(getattr(form, key).value) != comparable(value)]


def test_a_stamped_scan_is_read_with_its_seal_and_the_picture_of_every_place(
    context: ReadContext, spool: MemorySpool
) -> None:
    words = invent_words(51)

    look = look_at_pdf(make_form(words, seal=words.applicant, scenario="scan200", seed=51), spool, context)

    form = form_of(look)
    assert {key: comparable(getattr(form, key).value) for key in FIELDS} == {
        key: comparable(value) for key, value in truth(words).items()
    }
    assert form.kind is FormKind.CURRENT
    assert look.scan is not None
    assert [seal.text for seal in look.scan.seals] == [words.applicant]
    assert (look.scan.colour, look.scan.scanned, look.scan.seal_place) == (Colour.COLOUR, True, None)
    for key in FIELDS:
        crop = getattr(form, key).crop
        assert crop is not None
        assert spool.get(crop).startswith(b"\x89PNG")
        assert len(spool.get(crop)) <= 30_000
    assert look.problems == ()


def test_a_blank_line_on_a_scan_is_certain_and_the_missing_seal_has_its_place(
    context: ReadContext, spool: MemorySpool
) -> None:
    words = replace(invent_words(52), recommender="")

    look = look_at_pdf(make_form(words, seal=None, scenario="clean150", seed=52), spool, context)

    form = form_of(look)
    assert (form.recommender.value, form.recommender.certain) == ("", True)
    assert comparable(form.applicant.value) == comparable(words.applicant)
    assert look.scan is not None
    assert (look.scan.seals, look.scan.clean) == ((), True)
    assert look.scan.seal_place is not None


@pytest.mark.slow
@pytest.mark.parametrize("scenario", READABLE)
def test_every_kind_of_scan_is_read_in_full_and_nothing_wrong_is_certain(scenario: str, context: ReadContext) -> None:
    words = invent_words(53)

    look = look_at_pdf(make_form(words, seal=words.applicant, scenario=scenario, seed=53), MemorySpool(), context)

    form = form_of(look)
    assert [key for key in wrong(form, words) if getattr(form, key).certain] == []
    assert wrong(form, words) == []


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["bilevel", "hand", "handphone", "grey", "dark"])
def test_what_can_hardly_be_read_is_not_called_certain(scenario: str, context: ReadContext) -> None:
    for seed in (54, 55):
        words = invent_words(seed)
        look = look_at_pdf(make_form(words, seal=words.applicant, scenario=scenario, seed=seed), MemorySpool(), context)
        form = form_of(look)
        assert [key for key in wrong(form, words) if getattr(form, key).certain] == []


@pytest.mark.slow
def test_a_grey_scan_cannot_say_that_the_seal_is_missing(context: ReadContext, spool: MemorySpool) -> None:
    words = invent_words(56)

    look = look_at_pdf(make_form(words, seal=words.applicant, scenario="grey", seed=56), spool, context)

    assert look.scan is not None
    assert (look.scan.colour, look.scan.seals, look.scan.clean) == (Colour.GREY, (), False)


@pytest.mark.slow
def test_where_the_scanner_misread_the_picture_decides(context: ReadContext, spool: MemorySpool) -> None:
    words = invent_words(57)
    page = make_page(words, seal=words.applicant, scenario="scan200", seed=57)
    wrong_name = "杭州认错字机械有限公司"

    form = form_of(look_at_pdf(make_scan_with_text(page, replace(words, applicant=wrong_name)), spool, context))

    assert form.applicant.value == words.applicant
    assert form.applicant.confidence <= 0.9


@pytest.mark.slow
def test_a_slip_that_stands_plainly_on_the_page_is_not_corrected_away(context: ReadContext, spool: MemorySpool) -> None:
    words = invent_words(58)
    slipped = words.applicant.replace("有限公司", "有眼公司")
    knowing = ReadContext(context.call, known_names=(words.applicant, "宁波无关轴承有限公司"))
    page = make_form(replace(words, applicant=slipped), seal=None, scenario="clean150", seed=58)

    applicant = form_of(look_at_pdf(page, spool, knowing)).applicant

    assert (applicant.value, applicant.raw) == (slipped, "")


@pytest.mark.slow
def test_pictures_of_the_form_are_read_as_papers(context: ReadContext, spool: MemorySpool) -> None:
    words = invent_words(59)
    photographed = look_at_picture(
        make_jpeg(words, seal=words.applicant, scenario="phone", seed=59), "jpeg", spool, context
    )
    pages = [make_page(invent_words(60), seal=None, scenario="clean150", seed=60)]
    pages.append(make_page(words, seal=words.applicant, scenario="clean150", seed=59))
    several = look_at_picture(make_tiff(pages), "tiff", spool, context)

    assert wrong(form_of(photographed), words) == []
    assert photographed.picture is not None
    assert several.scan is not None
    assert (several.scan.pages, [seal.page for seal in several.scan.seals]) == (2, [2])


def test_a_photograph_is_not_read_as_a_paper(context: ReadContext, spool: MemorySpool) -> None:
    look = look_at_picture(make_photo(3), "jpeg", spool, context)

    assert (look.scan, look.text) == (None, "")
    assert look.picture is not None


@pytest.mark.slow
def test_a_date_spoilt_on_its_page_is_a_suggestion_of_the_day_that_fits_best(
    context: ReadContext, spool: MemorySpool
) -> None:
    words = invent_words(3001)

    paper = make_form(words, seal=words.applicant, scenario="handphone", seed=3001)
    field = form_of(look_at_pdf(paper, spool, context)).submitted_on

    assert (field.value, field.certain, field.confidence <= 0.5) == ("2026-03-20", False, True)
    assert read_date(field.raw) is None
