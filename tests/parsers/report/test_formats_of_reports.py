"""Whatever "Word" means on the applicants' machines: the same report in every format reads the same."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from flows.demo.reports import ReportWords, make_report
from parsers.containers.kinds import sniff
from parsers.facts.context import ReadContext
from parsers.facts.looks import ReportFacts
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.look.word_files import look_at_word
from parsers.report.report import count_lines, report_from_lines
from parsers.word.libreoffice import program, to_docx
from parsers.word.ole_text import read_ole
from parsers.word.open import read_word
from parsers.word.paragraph import Place
from parsers.word.rtf import read_rtf
from tests.parsers.report.made_word import MadeWord, paragraph, run, said, zipped

SOFFICE = shutil.which("soffice")
office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def summary(facts: ReportFacts | None) -> tuple[object, ...]:
    assert facts is not None
    parts = [(part.name, part.verdict.value, part.words) for part in facts.parts]
    return facts.counts.body, facts.title, parts, len(facts.figures)


def gbk(text: str) -> str:
    """Write text as an old Chinese program writes RTF: two escaped bytes a character."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))


def utf(text: str) -> str:
    """Write text as Word writes RTF: a number and a question mark a character."""
    units = text.encode("utf-16-le")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'little', signed=True)}?" for at in range(0, len(units), 2))


RTF_HEAD = (
    "{\\rtf1\\ansi\\ansicpg936\\uc1{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}{\\f1\\froman\\fcharset0 Times;}}"
    "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 heading 1;}}{\\info{\\title " + gbk("不是正文") + "}}\\f0 "
)


@pytest.mark.parametrize("write", [gbk, utf])
def test_rich_text_counts_what_is_seen(write: object) -> None:
    assert callable(write)
    rtf = (
        RTF_HEAD
        + f"\\pard\\qc\\b\\fs44 {write('报告题目')}\\par\\pard\\plain\\s1\\f0\\b {write('一、引言')}\\par"
        + f"\\pard\\plain\\f0 {write('正文龘𠮷')}{{\\v {write('隐藏')}}}{{\\deleted {write('删除')}}}ABC 2026\\par"
        + f"\\trowd\\pard\\intbl {write('甲')}\\cell {write('乙')}\\cell\\row\\pard\\plain\\f0 {write('尾')}"
        + f"{{\\footnote {write('脚注文字')}}}"
        + f'{{\\field{{\\*\\fldinst HYPERLINK "x"}}{{\\fldrslt {write("链接")}}}}}\\par'
        + f"{{\\header {write('页眉')}\\par}}{{\\*\\unknown {write('不显示')}}}"
        + "{\\pict\\pngblip 89504e470d0a1a0a}\\par}"
    )
    read = read_rtf(rtf.encode("ascii"))
    counts = count_lines(read.lines)

    assert (counts.body, counts.notes, counts.hidden, counts.headers) == (4 + 4 + 4 + 2 + 2 + 3, 4, 2, 2)
    assert read.tracked == 1
    assert [(line.text, line.outline, line.centred, line.size) for line in read.lines[:2]] == [
        ("报告题目", None, True, 22.0),
        ("一、引言", 0, False, 12.0),
    ]
    assert read.readable


def test_automatic_numbers_of_rich_text_stand_apart() -> None:
    rtf = RTF_HEAD + f"{{\\listtext {gbk('二、')}\\tab}}{gbk('企业概况')}\\par}}"
    line = read_rtf(rtf.encode("ascii")).lines[0]

    assert (line.label, line.text) == ("二、", "企业概况")


def test_rich_text_cut_off_says_that_it_may_lack_something(context: ReadContext) -> None:
    rtf = RTF_HEAD + gbk("只有一半") + "\\par "
    seen = look_at_word(rtf.encode("ascii"), "rtf", MemorySpool(), context)

    assert [problem.code for problem in seen.problems] == ["word-truncated"]
    assert seen.report is not None
    assert not seen.report.readable


ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
 <office:automatic-styles><style:style style:name="B"><style:text-properties fo:font-weight="bold"
  style:font-size-asian="16pt"/></style:style>
 <text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..."
  style:num-suffix="、"/></text:list-style></office:automatic-styles>
 <office:body><office:text>
 <text:tracked-changes><text:changed-region><text:deletion><text:p>删掉的话</text:p></text:deletion></text:changed-region>
 </text:tracked-changes>
 <text:h text:outline-level="1">引言</text:h><text:p>正文<text:s text:c="2"/>ABC<text:tab/>2026<text:line-break/>续
 <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注</text:p></text:note-body></text:note>
 <draw:frame><draw:text-box><text:p>框中</text:p></draw:text-box></draw:frame></text:p>
 <text:p><text:span text:style-name="B">加粗</text:span></text:p>
 <text:list text:style-name="L"><text:list-item><text:p>第一项</text:p></text:list-item>
 <text:list-item><text:p>第二项</text:p></text:list-item></text:list>
 <table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>
 <table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>"""


def test_opendocument_counts_what_is_seen() -> None:
    data = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": ODT.encode()})
    read = read_word(data, "odt")
    counts = count_lines(read.lines)

    assert (counts.body, counts.notes, counts.text_boxes) == (2 + 2 + 1 + 1 + 1 + 2 + 6 + 2, 2, 2)
    assert [line.label for line in read.lines if line.label] == ["一、", "二、"]
    assert [(line.text, line.bold, line.size) for line in read.lines if line.bold] == [("加粗", 1.0, 16.0)]
    assert read.tracked == 1


@pytest.mark.parametrize("code", ["gb2312", "utf-8"])
def test_a_web_page_in_disguise_is_read_and_named(code: str, context: ReadContext) -> None:
    page = (
        f'<html><head><meta http-equiv=Content-Type content="text/html; charset={code}"><title>不是正文</title>'
        "<style>p{color:red}</style></head><body><h1>一、引言</h1><p>正文<b>加粗</b>ABC 2026</p>"
        '<p style="display:none">隐藏</p><table><tr><td>甲</td><td>乙</td></tr></table>'
        '<img src="http://203.0.113.9/x.png"></body></html>'
    )
    seen = look_at_word(page.encode(code), "html", MemorySpool(), context)

    assert seen.report is not None
    assert (seen.report.counts.body, seen.report.counts.hidden) == (4 + 6 + 2, 2)
    assert sorted(problem.code for problem in seen.problems) == ["word-external", "word-is-page"]


def test_a_web_archive_is_read() -> None:
    archive = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "<html><body><p>归档正文</p></body></html>\r\n--b--\r\n"
    )

    assert count_lines(read_word(archive.encode(), "mhtml").lines).body == 4


def test_bare_lines_from_another_reader_are_judged_too(context: ReadContext) -> None:
    lines = ["某企业关键技术突破机制", "一、引言", "本案例介绍了企业。" * 30, "二、企业概况", "公司成立于2008年。" * 60]
    lines += ["三、特色实践", "公司坚持创新。" * 500, "四、经验启示", "实践表明，专注是根本。" * 80]
    facts = report_from_lines(lines, "pdf", context)

    assert facts.format == "pdf"
    assert facts.title == "某企业关键技术突破机制"
    assert [(part.name, part.verdict.value) for part in facts.parts] == [
        ("intro", "certain"),
        ("overview", "certain"),
        ("practice", "certain"),
        ("insight", "certain"),
    ]


def on_pages(lines: list[str], width: int = 38, height: int = 40) -> list[str]:
    """Set paragraphs as a page shows them: cut at the margin, with a number at the foot of each page."""
    set_lines = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    pages = [set_lines[at : at + height] for at in range(0, len(set_lines), height)]
    return [text for number, page in enumerate(pages, 1) for text in (*page, f"- {number} -")]


@pytest.mark.parametrize("seed", range(6))
def test_lines_of_a_page_read_like_the_paragraphs_they_were(seed: int, context: ReadContext) -> None:
    data = make_report(ReportWords(figures=0), total=8300, seed=seed)
    read = read_word(data, "docx")
    own = look_at_word(data, "docx", MemorySpool(), context).report
    facts = report_from_lines(on_pages([line.text for line in read.lines]), "pdf", context)

    assert own is not None
    assert abs(facts.counts.body - own.counts.body) <= 20
    assert [(part.name, part.verdict) for part in facts.parts] == [(part.name, part.verdict) for part in own.parts]
    assert all(abs(a.words - b.words) <= 0.05 * b.words for a, b in zip(facts.parts, own.parts, strict=True))


def test_a_renamed_docx_is_read_by_its_content(context: ReadContext) -> None:
    data = make_report(total=2000)

    assert summary(look_at_word(data, "doc", MemorySpool(), context).report) == summary(
        look_at_word(data, "docx", MemorySpool(), context).report
    )


def converted(data: bytes, ending: str, folder: Path) -> bytes:
    """Let LibreOffice save a docx in another format."""
    assert SOFFICE is not None
    source = folder / "in.docx"
    source.write_bytes(data)
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    for _ in range(2):
        subprocess.run(
            [*command, "--convert-to", ending, "--outdir", str(folder), str(source)],
            check=False,
            capture_output=True,
            timeout=120,
        )
        if (folder / f"in.{ending}").exists():
            break
    return (folder / f"in.{ending}").read_bytes()


def flipped(data: bytes, seed: int) -> bytes:
    """Return the file with a few bytes changed, every fifth one cut off too."""
    rng = random.Random(seed)
    changed = bytearray(data)
    for _ in range(rng.choice((1, 5, 40, 300))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed[: rng.randrange(len(changed))] if seed % 5 == 4 else changed)


def mixed() -> bytes:
    """Return a report with a table, a note, a text box, hidden and deleted text beside its parts."""
    word = MadeWord(styles="", numbering="")
    word.add(said("一、引言", "<w:b/>"), said("背景文字。" * 40))
    word.add(said("二、企业概况", "<w:b/>"), said("公司成立于二〇〇八年。" * 40))
    cells = "".join(f"<w:tr><w:tc>{said('指标')}</w:tc><w:tc>{said('数值')}</w:tc></w:tr>" for _ in range(3))
    word.add(f"<w:tbl>{cells}</w:tbl>")
    note = word.footnote(said("脚注内容"))
    word.add(paragraph(run("带注的话"), note), paragraph(run("露"), run("藏起来的", "<w:vanish/>")))
    word.add(paragraph(run("留下"), '<w:del w:id="1" w:author="a"><w:r><w:delText>删去的</w:delText></w:r></w:del>'))
    word.add(said("三、特色实践", "<w:b/>"), said("公司坚持创新。" * 300))
    word.add(said("四、经验启示", "<w:b/>"), said("实践表明专注是根本。" * 50))
    return word.save()


@office
@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["doc", "rtf", "odt"])
def test_a_report_saved_in_another_format_reads_the_same(ending: str, context: ReadContext, tmp_path: Path) -> None:
    data = make_report(ReportWords(manner="style" if ending == "rtf" else "typed"), total=8300, seed=4)
    other = converted(data, ending, tmp_path)
    seen = look_at_word(other, sniff(other[:65536], other), MemorySpool(), context)

    assert summary(seen.report) == summary(look_at_word(data, "docx", MemorySpool(), context).report)


@office
@pytest.mark.office
@pytest.mark.slow
def test_the_piece_table_leaves_out_deletions_and_hidden_text(tmp_path: Path) -> None:
    data = mixed()
    own = count_lines(read_word(data, "docx").lines)
    old = converted(data, "doc", tmp_path)
    read = read_ole(old)
    counts = count_lines(read.lines)

    assert (counts.body, counts.notes, counts.hidden) == (own.body, own.notes, own.hidden)
    assert sum(line.place is Place.TABLE and bool(line.text) for line in read.lines) == 6


@office
@pytest.mark.office
@pytest.mark.slow
def test_old_files_with_flipped_bytes_never_raise(tmp_path: Path) -> None:
    old = converted(mixed(), "doc", tmp_path)
    for seed in range(200):
        read = read_ole(flipped(old, seed))

        assert read.lines or read.problems


@pytest.mark.parametrize("seed", range(20))
def test_other_formats_with_flipped_bytes_never_raise(seed: int) -> None:
    opened = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": ODT.encode()})
    rtf = (RTF_HEAD + gbk("正文内容") * 50 + "\\par{\\pict 00ff}{\\footnote " + utf("注") + "}}").encode("ascii")

    for data, kind in ((opened, "odt"), (rtf, "rtf"), (rtf, "html")):
        read = read_word(flipped(data, seed), kind)

        assert read.lines or read.problems


@office
@pytest.mark.office
@pytest.mark.slow
def test_an_old_word_file_with_automatic_numbers_shows_them_through_libreoffice(
    context: ReadContext, tmp_path: Path
) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    word = MadeWord(numbering=numbering)
    for head, text in (("引言", "背景。" * 60), ("企业概况", "公司成立。" * 100), ("特色实践", "创新。" * 900)):
        word.add(said(head, "", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'), said(text))
    seen = look_at_word(converted(word.save(), "doc", tmp_path), "doc", MemorySpool(), context)

    assert seen.report is not None
    assert [entry.text for entry in seen.report.outline] == ["一、引言", "二、企业概况", "三、特色实践"]
    assert seen.report.counts.numbering == 6


@office
@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_answers_rubbish_with_nothing() -> None:
    assert program() is not None
    assert to_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000, "doc") is None


def test_an_encrypted_old_file_is_told(context: ReadContext) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    locked = io.BytesIO()
    msoffcrypto.OOXMLFile(io.BytesIO(make_report(total=650))).encrypt("p", locked)
    for kind in ("doc", "wps", "docx-encrypted"):
        seen = look_at_word(locked.getvalue(), kind, MemorySpool(), context)

        assert [(p.code, p.weight) for p in seen.problems] == [("word-encrypted", Weight.UNREADABLE)]
