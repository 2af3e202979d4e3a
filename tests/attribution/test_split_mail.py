"""A mail taken apart: which files are one firm's, and which fit none."""

from __future__ import annotations

import pytest

from flows.attribution.split_mail import split
from tests.attribution.fake import read
from tests.cases.telling import File, Mail

ONE, TWO = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司"
BODY = "浙江省轴承工业协会"


def form(path: str, firm: str = "", holds: str = "") -> File:
    return File(path, "form", firm, holds=holds or path)


def photo(path: str) -> File:
    return File(path, "photo", holds=path)


def taken_apart(*files: File, text: str = "") -> tuple[dict[str, list[str]], list[str]]:
    """Return the paths of each firm's files (of a nameless one by its folder), and the paths that fit none."""
    mail = Mail("office@body.example", files, text=text)
    bundle = split(read(mail), never=(BODY,))
    groups = {group.applicant.name or group.folder: sorted(group.paths) for group in bundle.groups}
    return groups, [files[place].path for place in bundle.leftovers]


@pytest.mark.parametrize(
    "files",
    [
        (form("推荐表.pdf", ONE), photo("1.jpg"), photo("照片/2.jpg")),
        (form("推荐表.pdf"), photo("1.jpg")),
        (form("推荐表.pdf", ONE), form("推荐表2.pdf", "浙江远衡精密机槭有限公司")),
        (form(f"{ONE}/推荐表.pdf"), photo("1.jpg")),
        (form("推荐表.pdf", ONE), File("报告.docx", "report", names=(TWO,))),
    ],
)
def test_a_mail_of_one_firm_is_one_group_with_everything(files: tuple[File, ...]) -> None:
    bundle = split(read(Mail("a@firm.example", files)))
    assert [group.positions for group in bundle.groups] == [tuple(range(len(files)))]
    assert (bundle.several, bundle.leftovers) == (False, ())


def test_forms_name_the_firms_and_a_folder_takes_its_other_files_along() -> None:
    files = (form("甲/推荐表.pdf", ONE), photo("甲/1.jpg"), form("乙/推荐表.pdf", TWO), photo("乙/照片/1.jpg"))
    assert taken_apart(*files) == (
        {ONE: ["甲/1.jpg", "甲/推荐表.pdf"], TWO: ["乙/推荐表.pdf", "乙/照片/1.jpg"]},
        [],
    )


def test_file_names_and_folder_names_name_the_firms_where_forms_do_not() -> None:
    files = (form(f"{ONE}推荐表.pdf"), form(f"{TWO}/推荐表.pdf"), photo(f"{TWO}/1.jpg"))
    assert taken_apart(*files) == ({ONE: [files[0].path], TWO: sorted(file.path for file in files[1:])}, [])


def test_a_short_name_in_a_folder_is_known_by_the_full_name_in_the_mail() -> None:
    files = (form("远衡精密机械/推荐表.pdf"), form("澜汀仪器仪表/推荐表.pdf"))
    groups, left = taken_apart(*files, text=f"现推荐{ONE}、{TWO}。")
    assert (groups, left) == ({ONE: [files[0].path], TWO: [files[1].path]}, [])


def test_what_nothing_ties_to_one_firm_alone_is_left_over() -> None:
    files = (form("甲/推荐表.pdf", ONE), form("乙/推荐表.pdf", TWO), photo("合影.jpg"), form(f"{ONE}.pdf", TWO))
    assert taken_apart(*files)[1] == ["合影.jpg", f"{ONE}.pdf"]


def test_a_folder_that_speaks_of_kinds_of_files_is_no_firms() -> None:
    files = (form("推荐表/甲.pdf", ONE), form("推荐表/乙.pdf", TWO), photo("照片/1.jpg"), form("照片/2.pdf", ONE))
    assert taken_apart(*files)[1] == ["照片/1.jpg"]


def test_a_folder_of_papers_that_name_nobody_is_a_firm_not_known_yet() -> None:
    files = (form("甲/推荐表.pdf", ONE), form("某单位/推荐表.pdf"), photo("某单位/1.jpg"))
    assert taken_apart(*files) == (
        {ONE: ["甲/推荐表.pdf"], "某单位/": ["某单位/1.jpg", "某单位/推荐表.pdf"]},
        [],
    )


def test_a_photo_is_its_folders_owners_whatever_its_caption_says() -> None:
    files = (form("甲/推荐表.pdf", ONE), photo(f"甲/{TWO}来访.jpg"), form("乙/推荐表.pdf", TWO))
    assert taken_apart(*files)[0][ONE] == ["甲/推荐表.pdf", f"甲/{TWO}来访.jpg"]


def test_neither_a_body_nor_a_name_that_never_applies_is_a_firm() -> None:
    files = (form("甲.pdf", ONE), form("乙.pdf", BODY), photo("1.jpg"))
    assert list(taken_apart(*files)[0]) == [ONE]


def test_two_attachments_of_one_name_are_told_apart_by_their_place() -> None:
    files = (form("推荐表.pdf", ONE, holds="1"), form("推荐表.pdf", TWO, holds="2"))
    bundle = split(read(Mail("office@body.example", files)))
    assert [(group.applicant.name, group.positions) for group in bundle.groups] == [(ONE, (0,)), (TWO, (1,))]


def test_noise_is_no_firms_and_not_left_over() -> None:
    files = (form("甲.pdf", ONE), form("乙.pdf", TWO), File("logo.png", "noise"))
    assert taken_apart(*files) == ({ONE: ["甲.pdf"], TWO: ["乙.pdf"]}, [])
