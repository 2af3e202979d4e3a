"""A recommender's own paper about its firms is a list, and nobody asks to which firm it belongs."""

import pytest

from flows.attribution.split_mail import is_own_paper
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look
from parsers.facts.mails import ReadLeaf

FIRMS = ("杭州博衡自动化设备有限公司", "丽水青锋光电科技有限公司")


def paper(name: str, text: str = "", role: Role = Role.OTHER) -> ReadLeaf:
    return ReadLeaf(Leaf(name, name, 1, "0" * 64, "xlsx"), role, "", Look("xlsx", text=text))


@pytest.mark.parametrize(
    "name",
    ["推荐企业汇总表.xlsx", "报送名单.docx", "推荐函.pdf", "一览表.xls", "报送公函（盖章）.pdf", "材料清单.docx"],
)
def test_a_file_named_as_a_list_or_a_covering_letter_is_its_senders_own(name: str) -> None:
    assert is_own_paper(paper(name), FIRMS)


def test_a_file_that_names_several_of_the_firms_is_a_list_whatever_it_is_called() -> None:
    assert is_own_paper(
        paper("新建表格.xlsx", "序号 企业\n1 杭州博衡自动化设备有限公司\n2 丽水青锋光电科技有限公司"), FIRMS
    )
    assert not is_own_paper(paper("新建表格.xlsx", "杭州博衡自动化设备有限公司"), FIRMS)


@pytest.mark.parametrize(
    "leaf",
    [
        paper("新建文档.docx"),
        paper("照片清单.docx"),
        paper("汇总.pdf", role=Role.FORM),
        paper("推荐名单.rar", role=Role.UNREADABLE),
        paper("协会盖章页.pdf"),
    ],
    ids=lambda leaf: leaf.leaf.name,
)
def test_what_may_be_a_firms_own_is_still_asked_about(leaf: ReadLeaf) -> None:
    assert not is_own_paper(leaf, FIRMS)
