from __future__ import annotations

import pytest

from parsers.names.company import (
    Sameness,
    clean_name,
    find_companies,
    is_body,
    is_company,
    is_placeholder,
    mention,
    names_a_body,
    normalise_name,
    same_company,
    short_name,
)
from parsers.text.credit_code import check_character, find_credit_codes, is_credit_code, region_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("现将浙江甲能科技股份有限公司的材料报送", ("浙江甲能科技股份有限公司",)),
        ("附件是东力精密机械有限公司申报材料", ("东力精密机械有限公司",)),
        (
            "1、杭州蓝海阀门有限公司 2、宁波 东方轴承 有限责任公司；3.华建（浙江）新材料有限公司",
            ("杭州蓝海阀门有限公司", "宁波东方轴承有限责任公司", "华建（浙江）新材料有限公司"),
        ),
        ("我司（浙江天成机械有限公司）申报", ("浙江天成机械有限公司",)),
        ("关于浙江三和电气有限公司优秀案例申报的函", ("浙江三和电气有限公司",)),
        ("温州市瓯海区金鹿鞋业有限公司", ("温州市瓯海区金鹿鞋业有限公司",)),
        ("万向（温州）汽车零部件有限公司/车间.jpg", ("万向（温州）汽车零部件有限公司",)),
        ("正大安吉食品有限公司", ("正大安吉食品有限公司",)),
        ("东华高分子材料科技发展有限公司", ("东华高分子材料科技发展有限公司",)),
        ("推荐公牛集团股份有限公司", ("公牛集团股份有限公司",)),
        ("天台山药业股份有限公司和仙居制药有限公司", ("天台山药业股份有限公司", "仙居制药有限公司")),
        ("由宁波启明液压技术有限公司寄出", ("宁波启明液压技术有限公司",)),
        ("浙江远衡精密机械有限公司-推荐表（盖章）.pdf", ("浙江远衡精密机械有限公司",)),
        ("请查收我公司材料。本公司", ()),
        ("XX有限公司、某某企业、公司名称", ()),
        ("浙江省轴承工业协会", ()),
        ("", ()),
    ],
)
def test_full_names_are_found_without_the_words_before_them(text: str, expected: tuple[str, ...]) -> None:
    assert find_companies(text) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("浙江甲能科技有限公司", "浙江甲能科技 有限公司（盖章）", Sameness.CERTAIN),
        ("华建（浙江）新材料有限公司", "华建(浙江)新材料有限公司", Sameness.CERTAIN),
        ("浙江ＡＢＣ科技有限公司", "浙江abc科技有限公司", Sameness.CERTAIN),
        ("浙江蓝天机械有限公司", "浙江蓝天机械股份有限公司", Sameness.LIKELY),
        ("浙江蓝天机械有限公司", "浙江蓝天机械有限责任公司", Sameness.LIKELY),
        ("蓝天机械有限公司", "浙江蓝天机械有限公司", Sameness.LIKELY),
        ("浙江金丰机械有限公司", "浙江全丰机械有限公司", Sameness.LIKELY),
        ("浙江蓝天机械有限公司", "江蓝天机械有限公司", Sameness.LIKELY),
        ("浙江东方机械有限公司", "浙江东升机械有限公司", Sameness.NO),
        ("杭州蓝天机械有限公司", "温州蓝天机械有限公司", Sameness.NO),
        ("浙江蓝天机械有限公司", "浙江蓝天电气有限公司", Sameness.NO),
        ("浙江蓝天机械有限公司", "浙江蓝天机械销售有限公司", Sameness.NO),
        ("浙江蓝天集团有限公司", "浙江蓝天机械有限公司", Sameness.NO),
        ("XX公司", "XX公司", Sameness.NO),
        ("", "", Sameness.NO),
    ],
)
def test_two_names_are_one_enterprise_certainly_likely_or_not(left: str, right: str, expected: Sameness) -> None:
    assert same_company(left, right) is expected
    assert same_company(right, left) is expected


@pytest.mark.parametrize(
    "name",
    [
        "XX公司",
        "某某企业",
        "公司名称",
        "申报企业（全称）",
        "×××有限公司",
        "***",
        "____",
        "甲公司",
        "浙江某某科技有限公司",
        "（盖章）",
        "无",
        "",
        "　",
        "XX市XX科技有限公司",
        "企业全称",
        "…………",
    ],
)
def test_a_blanks_own_words_and_stand_ins_are_no_names(name: str) -> None:
    assert is_placeholder(name) is True
    assert is_company(name) is False


@pytest.mark.parametrize(
    "name", ["浙江阿尔法科技有限公司", "3M中国有限公司", "西湖大学", "杭州一二三网络有限公司", "公牛集团股份有限公司"]
)
def test_a_real_name_is_no_placeholder(name: str) -> None:
    assert is_placeholder(name) is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("浙江省轴承工业协会", True),
        ("温州市企业联合会", True),
        ("杭州市工业经济联合会（企业家协会）", True),
        ("省中小企业商会", True),
        ("浙江远衡精密机械有限公司", False),
        ("协会广告有限公司", False),
        ("", False),
    ],
)
def test_a_body_that_recommends_is_told_from_an_enterprise(name: str, expected: bool) -> None:
    assert is_body(name) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("浙江省轴承工业协会", True),
        ("温州市企联", True),
        ("自荐", False),
        ("会员单位自荐", False),
        ("自主申报", False),
        ("", False),
        ("无", False),
        ("推荐单位", False),
    ],
)
def test_the_field_of_the_recommender_names_somebody_or_nobody(words: str, expected: bool) -> None:
    assert names_a_body(words) is expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("衢州星辰传感技术有限公司材料", "衢州星辰传感技术有限公司", 1.0),
        ("衢州星辰传感技术-推荐表", "衢州星辰传感技术有限公司", 0.9),
        ("星辰传感技术.zip", "衢州星辰传感技术有限公司", 0.8),
        ("星辰传感", "衢州星辰传感技术有限公司", 0.7),
        ("星辰传", "衢州星辰传感技术有限公司", 0.6),
        ("星辰申报材料", "衢州星辰传感技术有限公司", 0.5),
        ("申报材料", "衢州星辰传感技术有限公司", 0.0),
        ("", "衢州星辰传感技术有限公司", 0.0),
    ],
)
def test_a_text_speaks_of_a_firm_more_or_less_surely(text: str, name: str, expected: float) -> None:
    assert mention(text, name) == expected


@pytest.mark.parametrize(
    ("text", "placeholder"),
    [
        ("x" * 5000 + "!", True),
        ("甲市" * 3000 + "?", True),
        ("(" * 4000 + "有限公司", True),
        ("浙江" * 4000, False),
        ("一、" * 4000 + "公司", False),
    ],
)
def test_hostile_texts_are_read_to_their_end_and_name_nobody(text: str, placeholder: bool) -> None:
    assert (is_placeholder(text), is_company(text), find_companies(text)) == (placeholder, False, ())
    assert same_company(text, "浙江远衡精密机械有限公司") is Sameness.NO


def test_names_are_cleaned_for_people_and_normalised_for_comparing() -> None:
    assert clean_name("申报企业（全称）： 浙江 甲能科技(集团)有限公司（盖章）") == "浙江甲能科技（集团）有限公司"
    assert normalise_name(" 浙江甲能科技（集团）有限公司（公章）") == "浙江甲能科技(集团)有限公司"
    assert short_name("浙江省杭州市甲能（集团）科技股份有限公司") == "甲能科技"


def test_credit_codes_are_proved_by_their_check_character() -> None:
    good = "91330100799655058B"
    assert is_credit_code(good) is True
    assert check_character(good[:17]) == "B"
    wrong = [good[:position] + ("0" if good[position] != "0" else "1") + good[position + 1 :] for position in range(18)]
    assert [code for code in wrong if is_credit_code(code)] == []
    assert region_of(good) == "330100"
    assert find_credit_codes(
        f"代码：９１３３０１００７９９６５５０５８Ｂ，又 9133 0100 7996 5505 8b；{wrong[3]}；1{good}"
    ) == (good,)
    assert find_credit_codes("") == ()
