"""Every construct of a Word file that holds or hides words, each with the 字 it adds, known by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.parsers.report.made_word import MadeWord, paragraph, run, said

# Known by hand, never by the code under test. Each begins and ends with a Chinese character or mark, so that
# pieces put side by side add up.
PIECES: tuple[tuple[str, int], ...] = (
    ("专精特新", 4),
    ("企业成立于2008年。", 8),
    ("研发投入占比达12.5%以上，", 11),
    ("“小巨人”企业", 7),
    ("通过ISO 9001认证", 6),
    ("产品出口日本、德国……", 11),
    ("２０２６年全角数字", 9),
    ("一、总体要求", 6),
    ("质量×效率＝价值", 8),
    ("浙江—上海", 5),
    ("年产值3 000万元", 7),
    ("采用AI+制造模式", 7),
    ("第①步与第Ⅱ步", 7),
    ("α系数与β系数", 7),
    ("客户满意率 99.8 % 以上", 9),
    ("网址www.example.com可查", 5),
    ("こんにちは、世界", 8),
    ("한국어도", 4),
    ("龘𠮷字", 3),
    ("零宽\u200b连接\ufeff符", 5),
    ("不换行\u00a0空格", 5),
    ("空\u3000格", 2),
)


def words(rng: random.Random, pieces: int = 2) -> tuple[str, int]:
    chosen = [rng.choice(PIECES) for _ in range(pieces)]
    return "".join(text for text, _ in chosen), sum(count for _, count in chosen)


@dataclass
class Expected:
    """The counts of one made document, by hand."""

    body: int = 0
    text_boxes: int = 0
    notes: int = 0
    hidden: int = 0
    headers: int = 0
    numbering: int = 0
    tracked: bool = False
    readable: bool = True


@dataclass
class Making:
    word: MadeWord
    rng: random.Random
    expected: Expected = field(default_factory=Expected)

    def say(self, kind: str = "body", pieces: int = 2) -> str:
        """Return new words and expect them there; ``none`` for words that must not count."""
        text, count = words(self.rng, pieces)
        if kind != "none":
            setattr(self.expected, kind, getattr(self.expected, kind) + count)
        return text


Construct = Callable[[Making], None]
CONSTRUCTS: dict[str, Construct] = {}


def construct(make: Construct) -> Construct:
    CONSTRUCTS[make.__name__] = make
    return make


@construct
def plain_paragraph(m: Making) -> None:
    m.word.add(said(m.say(pieces=4)))


@construct
def word_split_over_runs(m: Making) -> None:
    m.word.add(paragraph(run("前Wo"), run("rd 20"), run("26后")))
    m.expected.body += 4


@construct
def many_short_runs(m: Making) -> None:
    text = m.say(pieces=5)
    m.word.add(paragraph(*(run(text[at : at + 3]) for at in range(0, len(text), 3))))


@construct
def separate_paragraphs_do_not_join_words(m: Making) -> None:
    m.word.add(said("abc"), said("def"))
    m.expected.body += 2


@construct
def table(m: Making) -> None:
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{said(m.say(pieces=1))}</w:tc>' for _ in range(3))}</w:tr>" for _ in range(2)
    )
    m.word.add(f"<w:tbl>{rows}</w:tbl>")


@construct
def cells_do_not_join_words(m: Making) -> None:
    m.word.add(f"<w:tbl><w:tr><w:tc>{said('12')}</w:tc><w:tc>{said('34')}</w:tc></w:tr></w:tbl>")
    m.expected.body += 2


@construct
def nested_table(m: Making) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{said(m.say())}</w:tc></w:tr></w:tbl>"
    m.word.add(f"<w:tbl><w:tr><w:tc>{said(m.say())}{inner}{said(m.say())}</w:tc></w:tr></w:tbl>")


@construct
def merged_cells(m: Making) -> None:
    wide = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{said(m.say())}</w:tc></w:tr>'
    merged = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{said(m.say())}</w:tc>'
    top = f"<w:tr>{merged}<w:tc>{said(m.say())}</w:tc></w:tr>"
    low = f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>{said(m.say())}</w:tc></w:tr>"
    m.word.add(f"<w:tbl>{wide}{top}{low}</w:tbl>")


@construct
def floating_table(m: Making) -> None:
    m.word.add(
        f'<w:tbl><w:tblPr><w:tblpPr w:vertAnchor="page"/></w:tblPr><w:tr><w:tc>{said(m.say())}</w:tc></w:tr></w:tbl>'
    )


@construct
def content_control_around_paragraphs(m: Making) -> None:
    m.word.add(f"<w:sdt><w:sdtPr/><w:sdtContent>{said(m.say())}{said(m.say())}</w:sdtContent></w:sdt>")


@construct
def content_control_in_line(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), f"<w:sdt><w:sdtContent>{run(m.say())}</w:sdtContent></w:sdt>", run(m.say())))


@construct
def content_control_around_cell(m: Making) -> None:
    cell = f"<w:sdt><w:sdtContent><w:tc>{said(m.say())}</w:tc></w:sdtContent></w:sdt>"
    m.word.add(f"<w:tbl><w:tr><w:tc>{said(m.say())}</w:tc>{cell}</w:tr></w:tbl>")


@construct
def content_control_around_row(m: Making) -> None:
    m.word.add(f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{said(m.say())}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>")


@construct
def smart_tag_and_custom_xml(m: Making) -> None:
    m.word.add(paragraph(f'<w:smartTag w:element="date">{run(m.say())}</w:smartTag>'))
    m.word.add(paragraph(f'<w:customXml w:element="x">{run(m.say())}</w:customXml>'))
    m.word.add(f'<w:customXml w:element="y">{said(m.say())}</w:customXml>')


@construct
def direction_marks(m: Making) -> None:
    m.word.add(paragraph(f'<w:bdo w:val="ltr">{run(m.say())}</w:bdo><w:dir w:val="ltr">{run(m.say())}</w:dir>'))


@construct
def tracked_insertion_counts(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), f'<w:ins w:id="1" w:author="x">{run(m.say())}</w:ins>'))
    m.expected.tracked = True


@construct
def tracked_deletion_does_not(m: Making) -> None:
    gone = m.say("none")
    m.word.add(paragraph(run(m.say()), f'<w:del w:id="2"><w:r><w:delText>{gone}</w:delText></w:r></w:del>'))
    m.expected.tracked = True


@construct
def moved_text_counts_once(m: Making) -> None:
    text, count = words(m.rng)
    m.expected.body += count
    m.word.add(paragraph(f'<w:moveFrom w:id="3">{run(text)}</w:moveFrom>'))
    m.word.add(paragraph(f'<w:moveTo w:id="4">{run(text)}</w:moveTo>'))
    m.expected.tracked = True


@construct
def deleted_paragraph_mark_joins_words(m: Making) -> None:
    m.word.add(paragraph(run("前abc"), properties='<w:rPr><w:del w:id="5"/></w:rPr>'), said("def后"))
    m.expected.body += 3
    m.expected.tracked = True


@construct
def deleted_table_row(m: Making) -> None:
    gone = f'<w:tr><w:trPr><w:del w:id="6"/></w:trPr><w:tc>{said(m.say("none"))}</w:tc></w:tr>'
    m.word.add(f"<w:tbl><w:tr><w:tc>{said(m.say())}</w:tc></w:tr>{gone}</w:tbl>")
    m.expected.tracked = True


@construct
def ruby(m: Making) -> None:
    base = f"<w:ruby><w:rt><w:r><w:t>pinyin</w:t></w:r></w:rt><w:rubyBase>{run(m.say())}</w:rubyBase></w:ruby>"
    m.word.add(paragraph(f"<w:r>{base}</w:r>"))


@construct
def simple_field(m: Making) -> None:
    m.word.add(paragraph(f'<w:fldSimple w:instr=" DATE ">{run(m.say())}</w:fldSimple>'))


def _field(code: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@construct
def field_shows_result_not_code(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), _field(" HYPERLINK 地址 ", run(m.say())), run(m.say())))


@construct
def field_in_the_code_of_a_field(m: Making) -> None:
    inner = _field(" DOCPROPERTY 名 ", run("看不见的"))
    outer = (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>{inner}'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(m.say())}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    m.word.add(paragraph(outer))


@construct
def field_without_result(m: Making) -> None:
    code = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> XE 索引词 </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    m.word.add(paragraph(run(m.say()), code, run(m.say())))


@construct
def table_of_contents_over_paragraphs(m: Making) -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    m.word.add(paragraph(begin, run("一、概况"), "<w:r><w:tab/></w:r>", run("1")))
    m.word.add(
        paragraph(run("二、做法"), "<w:r><w:tab/></w:r>", run("3"), '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )
    m.expected.body += 10


@construct
def hyperlink(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), f'<w:hyperlink w:anchor="x">{run(m.say())}</w:hyperlink>'))


def _box(inner: str) -> str:
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    shape = f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
    choice = f'<mc:Choice Requires="wps"><w:drawing><wp:anchor>{shape}</wp:anchor></w:drawing></mc:Choice>'
    old = f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    return f"<w:r><mc:AlternateContent>{choice}<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"


@construct
def text_box_counts_once(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), _box(said(m.say("text_boxes")) + said(m.say("text_boxes")))))


@construct
def old_text_box(m: Making) -> None:
    inner = f"<v:shape><v:textbox><w:txbxContent>{said(m.say('text_boxes'))}</w:txbxContent></v:textbox></v:shape>"
    m.word.add(paragraph(f"<w:r><w:pict>{inner}</w:pict></w:r>"))


@construct
def text_box_in_a_table(m: Making) -> None:
    m.word.add(f"<w:tbl><w:tr><w:tc>{paragraph(run(m.say()), _box(said(m.say('text_boxes'))))}</w:tc></w:tr></w:tbl>")


@construct
def table_in_a_text_box(m: Making) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{said(m.say('text_boxes'))}</w:tc></w:tr></w:tbl>"
    m.word.add(paragraph(_box(inner + "<w:p/>")))


@construct
def word_art(m: Making) -> None:
    m.word.add(paragraph('<w:r><w:pict><v:shape><v:textpath string="艺术字标题"/></v:shape></w:pict></w:r>'))
    m.expected.text_boxes += 5


@construct
def alternate_content_without_choice(m: Making) -> None:
    m.word.add(
        paragraph(f"<mc:AlternateContent><mc:Fallback>{run(m.say())}</mc:Fallback></mc:AlternateContent>", run(m.say()))
    )


@construct
def footnote(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), m.word.footnote(said(m.say("notes"))), run(m.say())))


@construct
def endnote(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), m.word.endnote(said(m.say("notes")) + said(m.say("notes")))))


@construct
def footnote_nobody_refers_to(m: Making) -> None:
    m.word.footnote(said(m.say("none")))
    m.word.add(said(m.say()))


@construct
def note_from_a_table(m: Making) -> None:
    cell = paragraph(run(m.say()), m.word.footnote(said(m.say("notes"))))
    m.word.add(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>")


@construct
def hidden_run(m: Making) -> None:
    m.word.add(paragraph(run(m.say()), run(m.say("hidden"), "<w:vanish/>"), run(m.say())))


@construct
def hidden_switched_off(m: Making) -> None:
    m.word.add(paragraph(run(m.say(), '<w:vanish w:val="0"/>'), run(m.say(), '<w:vanish w:val="false"/>')))


@construct
def hidden_in_a_text_box(m: Making) -> None:
    m.word.add(paragraph(_box(paragraph(run(m.say("text_boxes")), run(m.say("hidden"), "<w:vanish/>")))))


@construct
def header_and_footer_stand_apart(m: Making) -> None:
    if m.word.header:
        return
    m.word.header = said(m.say("headers"))
    m.word.footer = said(m.say("headers"))
    m.word.add(said(m.say()))


_LIST = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
)


@construct
def automatic_numbers_stand_apart(m: Making) -> None:
    m.word.numbering = _LIST
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="7"/></w:numPr>'
    before = m.expected.numbering
    # 一、 二、 are two 字 each whatever the number up to ten, bullets none.
    m.word.add(said(m.say(), properties=numbered.format(0)), said(m.say(), properties=numbered.format(1)))
    m.expected.numbering = before + 2


@construct
def breaks_tabs_and_hyphens(m: Making) -> None:
    inner = (
        "<w:r><w:t>ab</w:t><w:tab/><w:t>cd</w:t><w:br/><w:t>ef</w:t><w:cr/><w:t>gh</w:t><w:noBreakHyphen/><w:t>ij</w:t>"
        '<w:softHyphen/><w:t>kl</w:t><w:br w:type="page"/><w:t>mn</w:t><w:ptab/><w:t>op</w:t></w:r>'
    )
    m.word.add(paragraph(inner))
    m.expected.body += 6


@construct
def symbol(m: Making) -> None:
    m.word.add(
        paragraph(run("选"), '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', run("项")),
        paragraph(run("选"), '<w:r><w:sym w:font="Wingdings 2" w:char="0052"/></w:r>', run("项")),
    )
    # The ticked box is no GBK character: it counts one as a run of its own.
    m.expected.body += 6


@construct
def formula(m: Making) -> None:
    m.word.add(paragraph(run("公式"), "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", run("所示")))
    m.expected.body += 5


@construct
def marks_that_hold_nothing(m: Making) -> None:
    m.word.add(
        paragraph(
            '<w:bookmarkStart w:id="0" w:name="b"/>',
            run(m.say()),
            '<w:bookmarkEnd w:id="0"/><w:proofErr w:type="spellStart"/><w:permStart w:id="1"/>'
            '<w:r><w:lastRenderedPageBreak/></w:r><w:commentRangeStart w:id="9"/>',
        ),
        "<w:p/>",
    )


@construct
def comment_does_not_count(m: Making) -> None:
    m.word.comments.append(said(m.say("none")))
    m.word.add(paragraph(run(m.say()), '<w:r><w:commentReference w:id="0"/></w:r>'))


@construct
def changed_formatting_counts_once(m: Making) -> None:
    change = '<w:rPrChange w:id="8"><w:rPr><w:b/></w:rPr></w:rPrChange>'
    m.word.add(said(m.say(), f"<w:i/>{change}"))


@construct
def web_hidden_counts(m: Making) -> None:
    m.word.add(paragraph(run(m.say(), "<w:webHidden/>")))


@construct
def full_width_marks(m: Making) -> None:
    m.word.add(said("（甲）【乙】《丙》、；：？！……——·"))
    m.expected.body += 19
