"""Which file names say what a photo shows, and which only say what made the file."""

from __future__ import annotations

import pytest

from parsers.photo.caption_names import caption_in_name


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.jpg", "微信图片_20260510123456_1.jpg", "mmexport1715312345678(1).jpg", "1.jpg", "DSC_0012.JPG",
        "Screenshot_20260510_101010_com.tencent.mm.jpg", "新建文件夹.jpg", "新建文件夹 (2).jpg", "新建 BMP 图像.bmp",
        "未命名1.jpg", "扫描全能王 2026-05-10 10.10.jpg", "iOS 的图像.jpg", "相机胶卷.jpg", "拍照_20260510.jpg",
        "截屏2026-05-10 上午10.10.10.png", "Inked微信图片.jpg", "现场照片2.jpg", "素材.jpg", "效果图.jpg",
        "浙江远衡精密机械有限公司照片1.jpg", "证明材料.jpg", "640.webp",
    ],
)  # fmt: skip
def test_a_name_made_by_a_machine_or_a_habit_is_no_caption(name: str) -> None:
    assert caption_in_name(name) == ""


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("照片1-数控车间全景.jpg", "数控车间全景"),
        ("3.工业机器人.jpg", "工业机器人"),
        ("图1生产车间.jpg", "生产车间"),
        ("生产现场.jpg", "生产现场"),
        ("展厅.jpg", "展厅"),
    ],
)
def test_a_name_that_says_what_is_seen_is_a_caption(name: str, caption: str) -> None:
    assert caption_in_name(name) == caption
