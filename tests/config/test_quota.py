"""The quota table: proved by its own arithmetic, and refused whole where anything is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.call import QuotaRow
from config.faults import Fault, Faults
from config.load import CALLS, CallFault, load_call
from config.quota import read_quota

TEXT = (CALLS / "key-sme-2025" / "quota.csv").read_text("utf-8")
LINES = TEXT.splitlines()


def refuse(text: str) -> list[tuple[str, str]]:
    """Read a table that must be refused; return its faults."""
    faults = Faults("quota.csv")
    assert read_quota(text, 77, faults) is None
    return [(fault.key, fault.sentence) for fault in faults.found]


def with_line(number: int, change: Callable[[str], str]) -> str:
    """The table with one line changed; 1 is the header, row n stands in line n + 1."""
    lines = list(LINES)
    after = change(lines[number - 1])
    assert after != lines[number - 1]
    lines[number - 1] = after
    return "\n".join(lines)


def test_the_printed_table_adds_up_in_every_row_and_column() -> None:
    faults = Faults("quota.csv")
    table = read_quota(TEXT, 77, faults)

    assert faults.found == []
    assert table is not None
    columns = [(*row.columns, row.quota) for row in table.units]
    assert tuple(map(sum, zip(*columns, strict=True))) == (36, 32, 532, 600)
    assert len(table.rows) == 77
    assert len(table.units) == 67
    assert sum(row.subtotal for row in table.rows) == 10
    assert table.rows[56 - 1] == QuotaRow(56, "舟山市小计", "舟山市", subtotal=True, columns=(1, 4, 7), quota=12)
    assert table.rows[58 - 1] == QuotaRow(58, "岱山县", "舟山市", subtotal=False, columns=(1, 1, 1), quota=3)


def test_every_row_stands_in_the_notice_as_printed() -> None:
    notice = (CALLS / "key-sme-2025" / "notice.md").read_text("utf-8").splitlines()
    rows = [line.split() for line in notice]
    printed = {row[0]: row for row in rows if len(row) >= 4 and row[0].isdecimal() and not row[1].isdecimal()}
    for line in LINES[1:-1]:
        number, region, _, _, *cells = line.split(",")
        words = printed[number]

        assert words[1] == region
        # A blank cell is not printed: what is printed must be the rest, in order, the quota last.
        rest = iter(cells)
        assert all(word in rest for word in words[2:])
        assert sum(map(int, words[2:])) == sum(map(int, cells))
        assert words[-1] == cells[-1]


def test_a_wrong_row_sum_names_the_row() -> None:
    assert refuse(with_line(3, lambda line: line.replace("52,55", "52,56"))) == [
        ("序号2 杭州市本级", "各列之和为 55，推荐名额却为 56。"),
        ("序号1 杭州市小计 推荐名额", "所属各行之和为 151，小计却为 150。"),
        ("合计 推荐名额", "各单位之和为 601，合计却为 600。"),
    ]


def test_a_number_in_the_wrong_tilt_column_is_found_though_its_row_adds_up() -> None:
    assert refuse(with_line(4, lambda line: line.replace("1,0,28,29", "0,1,28,29"))) == [
        ("序号1 杭州市小计 工业大县倾斜指标", "所属各行之和为 7，小计却为 8。"),
        ("序号1 杭州市小计 山区海岛县倾斜指标", "所属各行之和为 2，小计却为 1。"),
        ("合计 工业大县倾斜指标", "各单位之和为 35，合计却为 36。"),
        ("合计 山区海岛县倾斜指标", "各单位之和为 33，合计却为 32。"),
    ]


def test_a_wrong_printed_total_names_its_column() -> None:
    assert refuse(with_line(79, lambda line: line.replace("532", "533"))) == [
        ("合计 因素分配指标", "各单位之和为 532，合计却为 533。")
    ]


def test_a_missing_row_is_found_by_number_count_and_sum() -> None:
    found = refuse("\n".join(LINES[:5] + LINES[6:]))

    assert ("序号6 富阳区", "序号不连续，此处应为 5。") in found
    assert ("", "应有 77 行，现有 76 行。") in found
    assert ("序号1 杭州市小计 推荐名额", "所属各行之和为 139，小计却为 150。") in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("第1行", "表头应以 序号、地区、所属市、类别 开头，其后为各名额列，最后一列为推荐名额。")),
        ("\n".join(LINES[:-1]), ("", "没有合计行；请照原表补上。")),
        (with_line(5, lambda line: line + ",1"), ("第5行", "应有 4 个名额列，现有 5 个。")),
        (with_line(5, lambda line: line.replace("24", "廿四")), ("第5行 因素分配指标", "不是非负整数。")),
        (with_line(5, lambda line: line.replace("24", "-24")), ("第5行 因素分配指标", "不是非负整数。")),
        (with_line(5, lambda line: line.replace("单位", "区")), ("第5行", "类别“区”应为 小计 或 单位。")),
        (with_line(5, lambda line: "四" + line[1:]), ("第5行", "序号“四”不是整数。")),
        (with_line(5, lambda line: line.replace("杭州市", "越州市")), ("序号4 余杭区", "所属市“越州市”没有小计行。")),
    ],
)
def test_a_table_of_another_shape_is_refused(text: str, expected: tuple[str, str]) -> None:
    assert expected in refuse(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 78), st.integers(0, 3), st.integers(1, 9))
def test_no_single_changed_number_gets_through(line: int, column: int, more: int) -> None:
    lines = [text.split(",") for text in LINES]
    lines[line][4 + column] = str(int(lines[line][4 + column]) + more)

    assert refuse("\n".join(",".join(cells) for cells in lines)) != []


def test_a_call_with_a_broken_table_does_not_load(tmp_path: Path) -> None:
    for name in ("call.toml", "notice.md"):
        (tmp_path / name).write_bytes((CALLS / "key-sme-2025" / name).read_bytes())
    (tmp_path / "quota.csv").write_text(
        TEXT.replace("2,杭州市本级,杭州市,单位,3,", "2,杭州市本级,杭州市,单位,4,"), "utf-8"
    )
    with pytest.raises(CallFault) as caught:
        load_call(tmp_path)

    assert caught.value.faults[0] == Fault("quota.csv", "序号2 杭州市本级", "各列之和为 56，推荐名额却为 55。")


def test_a_call_whose_table_is_gone_does_not_load(tmp_path: Path) -> None:
    for name in ("call.toml", "notice.md"):
        (tmp_path / name).write_bytes((CALLS / "key-sme-2025" / name).read_bytes())
    with pytest.raises(CallFault) as caught:
        load_call(tmp_path)

    assert caught.value.faults == (
        Fault("quota.csv", "", "call.toml 写有 quota_rows，却没有 quota.csv；请补上名额表。"),
    )
