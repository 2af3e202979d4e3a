"""Hostile and broken Word files: bounded, never an exception, and each named for what it is."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from flows.demo.reports import make_report
from parsers.facts.context import ReadContext
from parsers.facts.looks import Look
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.look.word_files import look_at_word
from parsers.word.docx_walk import PARAGRAPHS
from tests.parsers.report.made_word import MACRO_MAIN, NAMES, MadeWord, paragraph, run, said, zipped


def look(data: bytes, context: ReadContext, kind: str = "docx") -> Look:
    return look_at_word(data, kind, MemorySpool(), context)


def codes(seen: Look) -> list[str]:
    return [problem.code for problem in seen.problems]


def package(document: bytes, **more: bytes) -> bytes:
    word = MadeWord()
    word.extra = {"word/document.xml": document, **{name.replace("__", "/"): data for name, data in more.items()}}
    return word.save()


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    """Return the package with one part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped({entry: content if entry == name else old.read(entry) for entry in old.namelist()})


def body(inner: str) -> bytes:
    return f"<w:document {NAMES}><w:body>{inner}</w:body></w:document>".encode()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    f"<w:document {NAMES}><w:body>{said('&d;').replace('&amp;', '&')}</w:body></w:document>"
)


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused_unread(code: str, context: ReadContext) -> None:
    data = replaced(make_report(total=650), "word/document.xml", BOMB.encode(code))
    seen = look(data, context)

    assert codes(seen) == ["word-doctype"]
    assert seen.report is None
    assert "哈哈" not in seen.text


def test_an_external_entity_is_neither_fetched_nor_shown(context: ReadContext, tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("绝不能读到的内容")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    xml = f"{doctype}<w:document {NAMES}><w:body>{said('&e;')}</w:body></w:document>"
    seen = look(replaced(make_report(total=650), "word/document.xml", xml.replace("&amp;", "&").encode()), context)

    assert codes(seen) == ["word-doctype"]
    assert "绝不能" not in repr(seen)


def test_a_part_that_unpacks_too_far_is_refused(context: ReadContext) -> None:
    data = replaced(make_report(total=650), "word/document.xml", body(said(" " * 70_000_000)))
    seen = look(data, context)

    assert codes(seen) == ["word-part-size"]
    assert seen.problems[0].weight is Weight.UNREADABLE


def test_a_part_packed_too_tightly_is_refused(context: ReadContext) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        bomb.writestr("word/document.xml", body("<w:p/>" * 700_000))
    seen = look(out.getvalue(), context)

    assert codes(seen) == ["word-ratio"]


@pytest.mark.slow
def test_a_million_paragraphs_are_read_as_far_as_the_limit(context: ReadContext) -> None:
    rng = random.Random(1)
    inner = "".join(f"<w:p><w:r><w:t>{rng.randrange(10**9)}</w:t></w:r></w:p>" for _ in range(PARAGRAPHS + 5000))
    seen = look(replaced(make_report(total=650), "word/document.xml", body(inner)), context)

    assert "word-paragraphs" in codes(seen)
    assert seen.report is not None
    assert not seen.report.readable
    assert seen.report.counts.body == PARAGRAPHS


def test_too_many_entries_are_refused(context: ReadContext) -> None:
    data = zipped({f"word/{number}.xml": b"x" for number in range(2500)})

    assert codes(look(data, context)) == ["word-entries"]


def test_huge_pictures_in_the_package_are_never_unpacked(context: ReadContext) -> None:
    word = MadeWord()
    word.add(paragraph(word.picture(b"\x00" * 100_000_000)), said("正文"))
    seen = look(word.save(), context)

    assert seen.report is not None
    assert seen.report.counts.body == 2


def test_deep_nesting_ends_in_an_answer(context: ReadContext) -> None:
    inner = "<w:tbl><w:tr><w:tc>" * 3000 + said("深处") + "</w:tc></w:tr></w:tbl>" * 3000
    seen = look(replaced(make_report(total=650), "word/document.xml", body(said("开头") + inner)), context)

    assert seen.report is None or not seen.report.readable
    assert codes(seen)


def test_styles_that_lean_on_each_other_in_a_circle_are_read(context: ReadContext) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style>'
    )
    word = MadeWord(styles=styles)
    word.add(said("圆圈", "", '<w:pStyle w:val="A"/>'))

    report = look(word.save(), context).report

    assert report is not None
    assert report.counts.body == 2


def test_a_truncated_file_says_so_and_how_to_help(context: ReadContext) -> None:
    data = make_report(total=2000)
    seen = look(data[: len(data) // 2], context)

    assert codes(seen) == ["word-truncated"]
    assert seen.report is None
    assert "重新发送" in seen.problems[0].cure


def test_a_damaged_body_gives_what_can_be_read_and_no_certainty(context: ReadContext) -> None:
    with zipfile.ZipFile(io.BytesIO(make_report(total=3000))) as old:
        xml = old.read("word/document.xml")
    seen = look(replaced(make_report(total=3000), "word/document.xml", xml[: len(xml) // 2]), context)

    assert "word-damaged-xml" in codes(seen)
    assert seen.report is not None
    assert not seen.report.readable
    assert 500 < seen.report.counts.body < 3000
    assert "absent" not in {part.verdict.value for part in seen.report.parts}


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bytes_never_raise(seed: int, context: ReadContext) -> None:
    data = bytearray(make_report(total=1200, seed=1))
    rng = random.Random(seed)
    for _ in range(12):
        data[rng.randrange(len(data))] = rng.randrange(256)
    seen = look(bytes(data), context)

    assert seen.report is not None or seen.problems


@pytest.mark.parametrize("kind", ["docx", "doc", "wps", "rtf", "odt", "html", "mhtml", "wordxml", "docx-encrypted"])
@pytest.mark.parametrize(
    "data", [b"", b"PK", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, b"\x00" * 50]
)
def test_scraps_of_any_kind_never_raise(kind: str, data: bytes, context: ReadContext) -> None:
    seen = look(data, context, kind)

    assert seen.problems or seen.report is not None


def test_macros_are_named_and_not_run(context: ReadContext) -> None:
    word = MadeWord(main_type=MACRO_MAIN)
    word.add(said("正文"))
    word.extra["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    seen = look(word.save(), context, "docm")

    assert [(problem.code, problem.weight) for problem in seen.problems] == [("word-macros", Weight.SUSPECT)]
    assert seen.report is not None
    assert seen.report.format == "docm"


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "subDocument", "frame"])
def test_links_to_the_outside_are_named_and_not_followed(kind: str, context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("正文"))
    word.relate("rIdOut", kind, "http://203.0.113.9/beacon", external=True)
    seen = look(word.save(), context)

    assert [(problem.code, problem.weight) for problem in seen.problems] == [("word-external", Weight.SUSPECT)]
    assert "203.0.113.9" in seen.problems[0].message


def test_an_ordinary_hyperlink_is_no_danger(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("正文"))
    word.relate("rIdWeb", "hyperlink", "https://example.com/", external=True)

    assert codes(look(word.save(), context)) == []


def test_fields_that_reach_outside_are_named(context: ReadContext) -> None:
    word = MadeWord()
    word.add(
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText> INCLUDEPICTURE "http://203.0.113.9/a.png" </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            run("图"),
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        )
    )
    seen = look(word.save(), context)

    assert codes(seen) == ["word-external"]
    assert "INCLUDEPICTURE" in seen.problems[0].message


def test_an_embedded_word_document_makes_the_count_uncertain(context: ReadContext) -> None:
    word = MadeWord()
    word.add(paragraph('<w:r><w:object><o:OLEObject ProgID="Word.Document.12" r:id="rId5"/></w:object></w:r>'))
    word.extra["word/embeddings/report.docx"] = make_report(total=650)
    seen = look(word.save(), context)

    assert codes(seen) == ["word-objects", "word-embedded"]
    assert seen.report is not None
    assert not seen.report.readable


def test_a_locked_file_is_told_from_a_broken_one(context: ReadContext) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    locked = io.BytesIO()
    msoffcrypto.OOXMLFile(io.BytesIO(make_report(total=650))).encrypt("pass-2026", locked)
    seen = look(locked.getvalue(), context, "docx-encrypted")

    assert [(problem.code, problem.weight) for problem in seen.problems] == [("word-encrypted", Weight.UNREADABLE)]
    assert "取消打开密码" in seen.problems[0].cure


def test_rtf_nested_without_end_is_bounded(context: ReadContext) -> None:
    seen = look(b"{\\rtf1 " + b"{" * 100_000 + b"text", context, "rtf")

    assert codes(seen) == ["word-paragraphs"]


def test_a_page_nested_without_end_is_bounded(context: ReadContext) -> None:
    seen = look(b"<html><body>" + b"<div>" * 50_000 + "深处".encode() + b"</div>", context, "html")

    assert seen.report is not None


def test_long_lines_of_dots_and_digits_cost_no_time(context: ReadContext) -> None:
    # A pattern for tables of contents once took minutes on such lines.
    word = MadeWord()
    word.add(
        said("." * 200_000), said("1." * 100_000), said("（" * 100_000), said("1 " * 100_000), said("　" * 100_000)
    )
    word.add(said("6222" * 50_000), said("-" * 100_000 + "8"), said("138-" * 50_000), said("公司" * 50_000))

    assert look(word.save(), context).report is not None
