from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from flows.steps.lists.columns import find_header, read_date
from flows.steps.lists.import_list import import_list
from flows.steps.lists.table import WorkSheet
from parsers.text.credit_code import check_character
from store import lists
from store.engine import Store
from store.lists import ListChange
from tests.store.blank import blank_store

NOON = datetime(2026, 5, 8, 4, tzinfo=UTC)
DAY = date(2026, 3, 1)
TITLE = "省级专精特新中小企业"


def code_of(serial: int) -> str:
    body = f"91330100MA{serial:07d}"
    return body + check_character(body)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path / "home")
    yield opened
    opened.close()


def write_xlsx(path: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def entries(store: Store, name: str) -> list[tuple[object, ...]]:
    with store.reading() as session:
        row = next(row for row in lists._current_of_kind(session, "title") if row.name == name)
        return [
            (one.row, one.name, one.credit_code, one.region, one.batch, one.conferred_on, one.valid_until)
            for one in lists._entries(session, row)
        ]


def test_a_list_with_a_title_two_header_rows_and_merged_cells_is_read(store: Store, tmp_path: Path) -> None:
    file = write_xlsx(
        tmp_path / "名单.xlsx",
        [
            ["浙江省专精特新中小企业名单", None, None, None, None, None],
            ["序号", "企业信息", None, "地区", "认定情况", None],
            [None, "企业名称", "统一社会信用代码", None, "批次", "有效期至"],
            [1, "浙江远衡精密机械有限公司", code_of(1), "杭州市", "2024年第一批", "2027年5月31日"],
            [2, "杭州澜汀仪器仪表有限公司", code_of(2), None, "2024年第一批", date(2027, 5, 31)],
            [3, "宁波 启明液压（浙江）有限公司", None, "宁波市", "2024年第二批", 46538],
            ["合计", "3家", None, None, None, None],
        ],
        ("A1:F1", "B2:C2", "D2:D3", "E2:F2", "D4:D5"),
    )
    report = import_list(store, file, kind="title", name=TITLE, as_of=DAY, now=NOON)
    assert entries(store, TITLE) == [
        (4, "浙江远衡精密机械有限公司", code_of(1), "杭州市", "2024年第一批", None, date(2027, 5, 31)),
        (5, "杭州澜汀仪器仪表有限公司", code_of(2), "杭州市", "2024年第一批", None, date(2027, 5, 31)),
        (6, "宁波启明液压（浙江）有限公司", "", "宁波市", "2024年第二批", None, date(2027, 5, 31)),
    ]
    assert report.lines() == [
        "已导入名单“省级专精特新中小企业”（截至 2026-03-01）：3 家。",
        "  工作表“Sheet”第 7 行：不是企业的行（合计、说明等），已略过。",
        "新增：宁波启明液压（浙江）有限公司、杭州澜汀仪器仪表有限公司、浙江远衡精密机械有限公司（3 家）",
    ]


def test_a_faulty_list_changes_nothing_and_names_every_row(store: Store, tmp_path: Path) -> None:
    good = write_xlsx(tmp_path / "旧.xlsx", [["企业名称"], ["浙江远衡精密机械有限公司"]])
    import_list(store, good, kind="title", name=TITLE, as_of=DAY, now=NOON)
    bad = write_xlsx(
        tmp_path / "新.xlsx",
        [
            ["单位名称", "信用代码", "有效期至"],
            ["杭州澜汀仪器仪表有限公司", code_of(2), "长期"],
            ["宁波启明液压技术有限公司", code_of(2), "2027-05-31"],
            [None, code_of(3), "2027-05-31"],
            ["温州晟华电气股份有限公司", code_of(4)[:-1] + "W", "以文件为准"],
            ["XX公司", None, None],
            ["杭州澜汀仪器仪表有限公司", code_of(2), "2027-05-31"],
        ],
    )
    report = import_list(store, bad, kind="title", name=TITLE, as_of=date(2026, 4, 1), now=NOON)
    assert report.imported is False
    assert report.lines() == [
        "名单“省级专精特新中小企业”没有导入，原有名单不变。请改正下列各行后重新导入：",
        "  工作表“Sheet”第 4 行：名称为空：请补上全称，或删去这一行。",
        "  工作表“Sheet”第 5 行：温州晟华电气股份有限公司：日期“以文件为准”看不懂，请写成 2026-05-30 的样子。",
        "  工作表“Sheet”第 6 行：名称“XX公司”不是全称：请补上全称，或删去这一行。",
        (
            "  第 3 行：宁波启明液压技术有限公司：统一社会信用代码与第 2 行“杭州澜汀仪器仪表有限公司”相同，"
            "名称不同，请核对哪一行有误。"
        ),
        (
            f"  工作表“Sheet”第 5 行：温州晟华电气股份有限公司：统一社会信用代码“{code_of(4)[:-1]}W”的校验位不对，"
            "未采用，此行只按名称比对。"
        ),
        "  第 7 行：杭州澜汀仪器仪表有限公司：与第 2 行重复，采用第 7 行。",
    ]
    assert [row[1] for row in entries(store, TITLE)] == ["浙江远衡精密机械有限公司"]


def test_a_newer_list_reports_what_changed_and_the_same_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    old = write_xlsx(
        tmp_path / "a.xlsx",
        [["企业名称", "批次"], ["浙江远衡精密机械有限公司", "一"], ["杭州澜汀仪器仪表有限公司", "一"]],
    )
    new = write_xlsx(
        tmp_path / "b.xlsx", [["企业名称", "批次"], ["浙江远衡精密机械有限公司", "二"], ["台州光达模具有限公司", "二"]]
    )
    import_list(store, old, kind="title", name=TITLE, as_of=DAY, now=NOON)
    report = import_list(store, new, kind="title", name=TITLE, as_of=date(2026, 4, 1), now=NOON)
    assert report.change == ListChange(
        ("台州光达模具有限公司",), ("杭州澜汀仪器仪表有限公司",), ("浙江远衡精密机械有限公司",)
    )
    again = import_list(store, new, kind="title", name=TITLE, as_of=date(2026, 4, 1), now=NOON)
    assert again.change == ListChange(same_file=True)
    with store.reading() as session:
        held, as_of = lists.titles_of(session, "台州光达模具有限公司", "")
        assert lists.titles_of(session, "杭州澜汀仪器仪表有限公司", "") == ((), date(2026, 4, 1))
    assert ([(one.title, one.row, one.batch) for one in held], as_of) == ([(TITLE, 3, "二")], date(2026, 4, 1))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_encoding(store: Store, tmp_path: Path, encoding: str, mark: str) -> None:
    file = tmp_path / "推荐单位.csv"
    rows = [
        "序号,单位名称,类别,名额,联系人,电子邮箱",
        "1,浙江省轴承工业协会,省级行业协会,2-3个,王喆,A@B.example",
        "2,温州市企业联合会,,5,,",
    ]
    file.write_bytes("\r\n".join(rows).replace(",", mark).encode(encoding))
    assert import_list(store, file, kind="recommender", name="推荐单位", as_of=DAY, now=NOON).imported is True
    with store.reading() as session:
        one = lists.recommender_of(session, "浙江省轴承工业协会")
        by_address = lists.recommender_by_address(session, "a@b.example")
    assert one is not None
    assert (one.row, one.pool, one.quota, one.contact) == (2, "省级行业协会", 3, "王喆")
    assert by_address is not None
    assert by_address.name == "浙江省轴承工业协会"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"PK\x03\x04damaged", "打不开 x.xlsx"),
        ("x.xlsx", b"", "打不开 x.xlsx"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nothing", "打不开 x.xls"),
        ("x.csv", b"\xff\xfe\x00", "编码无法识别"),
        ("x.csv", "姓名,电话\n张三,1".encode(), "没有找到表头"),
        ("x.csv", "企业名称,批次\n".encode(), "没有任何一家企业"),
    ],
)
def test_what_is_no_list_is_one_sentence_with_the_cure(
    store: Store, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    report = import_list(store, tmp_path / name, kind="member", name="会员名单", as_of=DAY, now=NOON)
    assert report.imported is False
    assert words in report.lines()[1]
    with store.reading() as session:
        assert lists.membership_of(session, "浙江远衡精密机械有限公司", "") == (None, None)


@pytest.mark.parametrize(
    ("cell", "end", "expected"),
    [
        ("2027年5月31日", True, date(2027, 5, 31)),
        ("2027/5/31", True, date(2027, 5, 31)),
        ("2027.5", True, date(2027, 5, 31)),
        ("2027.5", False, date(2027, 5, 1)),
        ("20270531", True, date(2027, 5, 31)),
        ("2024年6月-2027年5月", True, date(2027, 5, 31)),
        ("2024-06-01至2027-05-31", True, date(2027, 5, 31)),
        ("2024-06-01至2027-05-31", False, date(2024, 6, 1)),
        ("2027年", True, date(2027, 12, 31)),
        ("2027-05-31 00:00:00", True, date(2027, 5, 31)),
        (45444, False, date(2024, 6, 1)),
        (datetime(2024, 6, 1, tzinfo=UTC), False, date(2024, 6, 1)),
        ("长期", True, None),
        (None, True, None),
    ],
)
def test_dates_are_read_as_people_write_them(cell: object, end: bool, expected: date | None) -> None:
    assert read_date(cell, end=end) == (expected, "")  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["2027年13月1日", "2027-02-30", "以文件为准", "三年"])
def test_a_date_that_means_none_is_a_fault(cell: str) -> None:
    found, fault = read_date(cell, end=True)
    assert found is None
    assert cell in fault


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["名单"], ["企业全称", "社会信用代码"], ["浙江远衡精密机械有限公司", None]],
            (2, {"name": 0, "credit_code": 1}),
        ),
        ([["序号", "企 业 名 称", "所属地区（县市区）"]], (1, {"name": 1, "region": 2})),
        ([["会员单位名称*", "加入时间"]], (1, {"name": 0})),
        (
            [["企业", None], ["名称", "信用代码"], ["浙江远衡精密机械有限公司", None]],
            (2, {"name": 0, "credit_code": 1}),
        ),
    ],
)
def test_headers_are_recognised_however_they_are_worded(
    rows: list[list[str]], expected: tuple[int, dict[str, int]]
) -> None:
    assert find_header(WorkSheet("名单", tuple(map(tuple, rows)))) == expected
