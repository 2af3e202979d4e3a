"""Passwords that mails give away, captions that names and lists give, names that archives carry."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsers.containers.entry_names import clean_step, steps_of
from parsers.containers.passwords import find_passwords
from parsers.facts.leaf import Leaf
from parsers.mail.bodies import text_of_html
from parsers.photo.caption_names import caption_in_name
from parsers.photo.captions import Note, find_captions


@pytest.mark.parametrize(
    ("text", "passwords"),
    [
        ("解压密码：zj2026", ("zj2026",)),
        ("解压密码: zj2026。请查收", ("zj2026",)),
        ("压缩包密码是“Abc@123”，谢谢", ("Abc@123",)),
        ("密码为88888888", ("88888888",)),
        ("密码【0571】", ("0571",)),
        ("文件密码：专精特新", ("专精特新",)),
        ("附件已加密，密码另行短信发送", ()),
        ("密码：见短信", ()),
        ("本压缩包无密码", ()),
        ("请勿泄露登录密码的内容", ()),
        ("密码：a1\n密码：b2\n密码：c3\n密码：d4\n密码：e5\n密码：f6", ("a1", "b2", "c3", "d4", "e5")),
        ("压缩包密码：\n浙江2026", ("浙江2026",)),
        ("压缩包密码：\n联系人张三138", ()),
        ("密码：\n附件1推荐表", ()),
        ("附件密码统一为：Ab12；如打不开请来电", ("Ab12",)),
        ("密码设为 nb-2026，谢谢", ("nb-2026",)),
        ("密码（注意大小写）：Zj#1", ("Zj#1",)),
        ('密码就用"yh77"吧', ("yh77",)),
        ("本项目获密码管理局批准，密码应用安全性评估 95 分", ()),
        ("门禁系统密码：4321", ()),
        ("The password will be sent by phone 0571", ()),
        ("提取码：ab12", ()),
        ("", ()),
    ],
)
def test_a_password_told_in_the_text_is_found(text: str, passwords: tuple[str, ...]) -> None:
    assert find_passwords((text,)) == passwords


WAYS = tomllib.loads(Path(__file__).with_name("passwords.toml").read_text(encoding="utf-8"))["case"]


def written(case: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts as reading gives them: a subject or a note's name stands above its words."""
    text = text_of_html(case["text"]) if case["where"] == "html" else case["text"]
    stem = case.get("filename", "").rpartition(".")[0]
    if case["where"] == "filename":
        return (text, stem)
    return (f"{case.get('subject', '') or stem}\n{text}",)


@pytest.mark.parametrize("case", WAYS, ids=lambda case: case["id"])
def test_each_way_of_writing_a_password_is_understood(case: dict[str, Any]) -> None:
    found = find_passwords(written(case))
    right = {case["password"], *case.get("passwords", ())} - {"null"}
    if case["password"] == "null":
        assert set(found) <= right
    elif case["id"] != "case-092":  # Two halves in two mails: staff join them.
        assert right & set(found)


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("智能化生产车间.jpg", "智能化生产车间"),
        ("照片1：智能化生产车间.jpg", "智能化生产车间"),
        ("图2-院士工作站揭牌.png", "院士工作站揭牌"),
        ("1、公司大楼全景.jpeg", "公司大楼全景"),
        ("03_数控加工中心.JPG", "数控加工中心"),
        ("（一）产品展厅.jpg", "产品展厅"),
        ("附件3 研发团队合影(1).jpg", "研发团队合影"),
        ("浙江示例精工股份有限公司总装线.jpg", "浙江示例精工股份有限公司总装线"),
        ("荣获国家级专精特新小巨人企业授牌.jpg", "荣获国家级专精特新小巨人企业授牌"),
        ("IMG_20260508_101112.jpg", ""),
        ("IMG_1234(1).JPG", ""),
        ("DSC_0042.NEF.jpg", ""),
        ("微信图片_20260508101112.jpg", ""),
        ("微信图片_20260508101112_123.jpg", ""),
        ("mmexport1715141592653.jpg", ""),
        ("QQ图片20260508101112.png", ""),
        ("Screenshot_20260508-101112.png", ""),
        ("屏幕截图 2026-05-08 101112.png", ""),
        ("企业微信截图_17151415926535.png", ""),
        ("照片1.jpg", ""),
        ("图一.jpg", ""),
        ("照片（2）.jpg", ""),
        ("企业照片3.jpg", ""),
        ("申报材料照片1.jpg", ""),
        ("浙江示例精工股份有限公司照片2.jpg", ""),
        ("浙江示例精工股份有限公司.jpg", ""),
        ("2026年5月8日.jpg", ""),
        ("20260508.jpg", ""),
        ("a3f9b2c4-1234-4bcd-9abc-1234567890ab.jpg", ""),
        ("5f2d8e1c9b7a4f3e8d6c5b4a39281706.jpg", ""),
        ("image001.png", ""),
        ("未命名.jpg", ""),
        ("1.jpg", ""),
        (".jpg", ""),
    ],
)
def test_a_name_is_a_caption_only_where_a_person_described_the_picture(name: str, caption: str) -> None:
    assert caption_in_name(name) == caption


def photos(*paths: str) -> list[Leaf]:
    return [Leaf(path, path.rpartition("/")[2], 1, "0", "jpeg") for path in paths]


def texts(paths: list[Leaf], *notes: Note, embedded: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    return {path: (found.text, found.source) for path, found in find_captions(paths, notes, embedded).items()}


BODY = "邮件正文"


@pytest.mark.parametrize(
    ("names", "text", "captions"),
    [
        (("照片1.jpg", "照片2.jpg"), "照片1：车间；照片2：展厅", ("车间", "展厅")),
        (("照片2.jpg", "照片1.jpg"), "照片1：车间\n照片2：展厅", ("展厅", "车间")),
        (("图一.jpg", "图二.jpg"), "图1、车间外景\n图2、产品展厅", ("车间外景", "产品展厅")),
        (("照片一.jpg", "照片二.jpg"), "照片（一）：车间。照片（二）：展厅。", ("车间", "展厅")),
        (("IMG_1001.jpg", "IMG_1002.jpg"), "照片1：车间\n照片2：展厅", ("车间", "展厅")),
        (("IMG_1001.jpg", "IMG_1002.jpg", "IMG_1003.jpg"), "照片1：车间\n照片2：展厅", ("", "", "")),
        (("IMG_1001.jpg", "IMG_1002.jpg"), "IMG_1002.jpg：展厅\nIMG_1001：车间", ("车间", "展厅")),
        (("IMG_1001.jpg",), "文件名\t内容\nIMG_1001.jpg\t车间\t备注", ("车间",)),
        (("a1.jpg", "a2.jpg"), "照片内容概要如下：\n1、数控车间\n2、检测中心", ("数控车间", "检测中心")),
        (("照片1.jpg",), "您好，附件为申报材料，请查收。", ("",)),
        (("照片1.jpg",), "联系电话：13800000000，照片1张", ("",)),
        (("微信图片_20260508101112.jpg",), "照片１：智能工厂", ("智能工厂",)),
    ],
)
def test_a_list_in_a_text_gives_each_photo_its_caption(
    names: tuple[str, ...], text: str, captions: tuple[str, ...]
) -> None:
    found = texts(photos(*names), Note(BODY, text))

    assert tuple(found.get(name, ("", ""))[0] for name in names) == captions


def test_a_name_counts_before_a_list_and_a_list_before_the_picture_and_the_folder() -> None:
    leaves = photos("展厅.jpg", "照片1.jpg", "照片2.jpg", "总装线/IMG_1.jpg", "照片/IMG_2.jpg")
    notes = (Note("文件“说明.docx”", "照片1：车间"), Note(BODY, "照片1：别的\n展厅.jpg：别的"))

    assert texts(leaves, *notes, embedded={"照片2.jpg": "检测中心", "照片1.jpg": "别的"}) == {
        "展厅.jpg": ("展厅", "文件名"),
        "照片1.jpg": ("车间", "文件“说明.docx”"),
        "照片2.jpg": ("检测中心", "图片自带的说明（EXIF）"),
        "总装线/IMG_1.jpg": ("总装线", "文件夹名"),
    }


def test_a_reports_own_figures_are_no_captions_but_a_file_name_in_it_is() -> None:
    leaves = photos("图1.jpg", "IMG_7788.jpg")

    assert texts(leaves, Note("报告", "图1：组织架构\nIMG_7788.jpg：车间", is_report=True)) == {
        "IMG_7788.jpg": ("车间", "报告")
    }


def test_a_folder_of_several_photos_describes_none_of_them() -> None:
    assert texts(photos("总装线/IMG_1.jpg", "总装线/IMG_2.jpg", "某公司材料.zip/IMG_3.jpg")) == {}


@pytest.mark.parametrize(
    ("name", "steps", "told"),
    [
        ("a/b.txt", ("a", "b.txt"), False),
        ("a\\b.txt", ("a", "b.txt"), False),
        ("./a//b.txt", ("a", "b.txt"), False),
        ("../../a.txt", ("a.txt",), True),
        ("/etc/passwd", ("etc", "passwd"), True),
        ("C:\\Users\\a.txt", ("Users", "a.txt"), True),
        ("a\u202etxt.exe", ("atxt.exe",), True),
        ("a\x00b\n.txt", ("ab.txt",), True),
        ("..", ("未命名文件",), True),
        ("", ("未命名文件",), False),
        ("/".join("x" * 40), ("x",) * 32, True),
    ],
)
def test_a_name_from_an_archive_leads_nowhere_outside(name: str, steps: tuple[str, ...], told: bool) -> None:
    found, problems = steps_of(name, "a.zip")

    assert (found, bool(problems)) == (steps, told)


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_step("长" * 300 + ".docx") == "长" * 250 + ".docx"
