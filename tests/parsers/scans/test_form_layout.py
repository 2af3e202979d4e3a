"""Which words belong to which label, on pages made of lines alone: no picture, no OCR."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.facts.context import ReadContext
from parsers.facts.looks import FormKind, Source
from parsers.form.labels import find_labels
from parsers.form.title import title_of
from parsers.form.values import collect
from parsers.page.lines import Line, even_line, level, page_lean

HEIGHT = 30.0


def put(text: str, x: float, y: float, *, size: float = HEIGHT, turned: float = 0.0) -> Line:
    """A line whose letters are as wide as high, its left top at (x, y), the whole page turned by some degrees."""
    corners = np.array([[x, y], [x + size * len(text), y], [x + size * len(text), y + size], [x, y + size]])
    angle = np.radians(turned)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return even_line(text, (corners @ matrix.T).astype(np.float32), Source.OCR, 0.99)


def read(lines: list[Line], context: ReadContext) -> dict[str, str]:
    form = context.call.form
    assert form is not None
    levels = level(lines)
    values = collect(levels, find_labels(levels, form.labels), (form.title, *form.stop_texts))
    return {key: value.text for key, value in values.items()}


WANTED = {
    "case_title": "以标准引领打造百年品牌",
    "applicant": "杭州云帆精密机械有限公司",
    "recommender": "杭州市企业联合会",
    "submitted_on": "2026年5月8日",
}


def on_one_line(turned: float = 0.0) -> list[Line]:
    return [
        put("案例名称：以标准引领打造百年品牌", 200, 600, turned=turned),
        put("申报企业（全称）：杭州云帆精密机械有限公司", 200, 700, turned=turned),
        put("推荐单位：杭州市企业联合会", 200, 800, turned=turned),
        put("报送时间：2026年5月8日", 200, 900, turned=turned),
    ]


def test_values_stand_behind_the_colon(context: ReadContext) -> None:
    assert read(on_one_line(), context) == WANTED


@pytest.mark.parametrize("degrees", [-6.0, -2.0, 3.0, 6.0])
def test_a_crooked_page_reads_the_same(context: ReadContext, degrees: float) -> None:
    lines = on_one_line(degrees)

    assert page_lean(lines) == pytest.approx(degrees, abs=0.1)
    assert read(lines, context) == WANTED


def test_values_stand_in_the_next_cell_and_a_long_one_on_two_lines_around_its_label(context: ReadContext) -> None:
    lines = [
        put("案例名称", 220, 600),
        put("以标准引领", 500, 578),
        put("打造百年品牌", 500, 622),
        put("申报企业（全称）", 200, 700),
        put("杭州云帆精密机械有限公司", 500, 700),
        put("推荐单位", 220, 800),
        put("杭州市企业联合会", 500, 800),
        put("报送时间", 220, 900),
        put("2026年5月8日", 500, 900),
    ]

    assert read(lines, context) == WANTED


def test_values_stand_below_their_labels(context: ReadContext) -> None:
    lines = [
        put("案例名称：", 200, 500),
        put("以标准引领打造百年品牌", 240, 560),
        put("申报企业（全称）：", 200, 640),
        put("杭州云帆精密机械有限公司", 240, 700),
        put("推荐单位：", 200, 780),
        put("杭州市企业联合会", 240, 840),
        put("报送时间：", 200, 920),
        put("2026年5月8日", 240, 980),
    ]

    assert read(lines, context) == WANTED


def test_a_value_goes_on_in_the_next_line_and_the_footer_does_not_belong_to_the_last_one(context: ReadContext) -> None:
    lines = [
        put("附件1", 100, 100),
        put("浙江省专精特新企业发展优秀案例", 300, 250, size=40),
        put("申报推荐表", 500, 320, size=40),
        put("案例名称：以标准引领", 200, 600),
        put("打造百年品牌", 350, 660),
        put("申报企业（全称）：杭州云帆", 200, 760),
        put("精密机械有限公司", 470, 820),
        put("推荐单位：杭州市企业联合会", 200, 920),
        put("报送时间：2026年5月8日", 200, 1020),
        put("浙江省“三会”专精特新企业发展促进分会", 250, 1080),
    ]

    assert read(lines, context) == WANTED


def test_spaced_and_torn_labels_are_found(context: ReadContext) -> None:
    lines = [
        put("案", 200, 600),
        put("例", 260, 600),
        put("名", 320, 600),
        put("称：以标准引领打造百年品牌", 380, 600),
        put("申报企业", 200, 700),
        put("（全称）：杭州云帆精密机械有限公司", 325, 700),
        put("推荐单位_杭州市企业联合会", 200, 800),
        put("报送时间;2026年5月8日", 200, 900),
    ]

    assert read(lines, context) == WANTED


def test_one_wrong_letter_in_a_label_still_finds_it_but_it_is_not_exact(context: ReadContext) -> None:
    form = context.call.form
    assert form is not None

    labels = find_labels(level([put("推存单位：杭州市企业联合会", 200, 800)]), form.labels)

    assert [(key, label.exact) for key, label in labels.items()] == [("recommender", False)]


def test_a_sentence_that_begins_with_a_label_is_no_field(context: ReadContext) -> None:
    lines = [put("各地在推荐单位不得收取任何费用的前提下择优推荐企业", 200, 300), *on_one_line()]

    assert read(lines, context) == WANTED


def test_the_body_that_the_footer_names_may_be_the_recommender(context: ReadContext) -> None:
    lines = [*on_one_line()[:2], put("推荐单位：浙江省专精特新企业促进分会", 200, 800), on_one_line()[3]]

    assert read(lines, context)["recommender"] == "浙江省专精特新企业促进分会"


ONES = (
    "一种新型轴承的智造实践",
    "一体化压铸的降本之路",
    "一线班组的创新实践",
    "一张图管到底",
    "一企一策稳就业",
    "一一对应的追溯体系",
)


@pytest.mark.parametrize("title", ONES)
@pytest.mark.parametrize("colon", ["：", ":", ""])
def test_a_title_that_begins_with_a_one_keeps_it(context: ReadContext, title: str, colon: str) -> None:
    beside = [put(f"案例名称{colon}{title}", 200, 600), *on_one_line()[1:]]
    cells = [put(f"案例名称{colon}", 200, 600), put(title, 420, 600), *on_one_line()[1:]]

    told = [read(lines, context) for lines in (beside, cells)]

    assert told == [{**WANTED, "case_title": title}] * 2


def test_a_one_on_the_label_s_own_line_may_be_its_colon_and_leaves_the_label_in_doubt(context: ReadContext) -> None:
    form = context.call.form
    assert form is not None
    found = [
        find_labels(level([put(f"案例名称{behind}", 200, 600), *on_one_line()[1:]]), form.labels)["case_title"].exact
        for behind in ("一种新型轴承", "：一种新型轴承", "新型轴承", "一")
    ]
    assert found == [False, True, True, True]


def test_a_wide_stroke_inside_a_title_is_a_dash_and_a_narrow_one_the_numeral(context: ReadContext) -> None:
    spots = [*(index + 0.5 for index in range(6)), 7.0, *(index + 8.5 for index in range(5))]
    quad = put("字" * 13, 400, 600).quad
    line = Line("从追赶到领先一云帆的经验", quad, (0.9,) * 12, tuple(spot / 13 for spot in spots))

    assert read([put("案例名称：", 200, 600), line], context)["case_title"] == "从追赶到领先——云帆的经验"
    assert read([put("案例名称：专一的力量成就冠军", 200, 600)], context)["case_title"] == "专一的力量成就冠军"


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (["附件1", "浙江省专精特新企业发展优秀案例", "申报推荐表"], FormKind.CURRENT),
        (["浙江省专精特新企业发展优秀案例申报推荐表"], FormKind.CURRENT),
        (["浙江省专精持新企业发展优秀案例", "申报推荐表"], FormKind.CURRENT),
        (["2025年浙江省专精特新企业发展优秀案例", "申报推荐表"], FormKind.OLD),
        (["浙江省重点专精特新中小企业申请表"], FormKind.OTHER),
        (["浙江省企业管理现代化创新成果申报书"], FormKind.OTHER),
        (["营业执照", "统一社会信用代码"], FormKind.UNKNOWN),
    ],
)
def test_the_title_tells_which_form_it_is(context: ReadContext, rows: list[str], kind: FormKind) -> None:
    form = context.call.form
    assert form is not None
    lines = level([put(row, 300, 200 + 80 * index) for index, row in enumerate(rows)])

    assert title_of(lines, form, context.call.issued.year)[0] is kind
