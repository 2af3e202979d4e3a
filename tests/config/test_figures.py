"""A figure that its own quote contradicts is refused, so that no letter and no what-if tells it as the notice's."""

import shutil
from pathlib import Path

import pytest

from config.call import Clause
from config.faults import CallFault
from config.figures import printed
from config.load import find_call, load_call


@pytest.mark.parametrize(
    ("words", "units", "found"),
    [
        ("相关照片 2-3 张，注明内容概要。", "张", (2, 3)),
        ("相关照片２～３张", "张", (2, 3)),
        ("纸质材料各 1 份", "份", (1, 1)),
        ("（一式 2 份）", "份", (2, 2)),
        ("总字数一般不少于 8000 字", "字", (8000, 8000)),
        ("推荐名额 3 至 5 个", "个", (3, 5)),
        ("编写填报，经信部门指导审核", "份", None),
        ("附件 2 一式数份", "份", None),
    ],
)
def test_figures_are_read_with_their_unit(words: str, units: str, found: tuple[int, int] | None) -> None:
    assert printed(Clause("一", words), units) == found


@pytest.mark.parametrize(
    ("was", "instead", "fault"),
    [
        ("words_total = 8000", "words_total = 6000", "report.words_total：写的是 6000，引文"),
        (
            "at_least = 2\nat_most = 3\nset",
            "at_least = 3\nat_most = 3\nset",
            "materials.photos.at_least：写的是 3，引文",
        ),
        (
            "at_least = 2\nat_most = 3\nset",
            "at_least = 2\nat_most = 4\nset",
            "materials.photos.at_most：写的是 4，引文",
        ),
        (
            "at_least = 2\nat_most = 3\nper",
            "at_least = 2\nat_most = 4\nper",
            "quota_pools.provincial.at_most：写的是 4",
        ),
        ("words = 300", "words = 500", "report.parts.intro.words：写的是 500，引文"),
        ("copies = 1", "copies = 2", "materials.paper_form.copies：写的是 2，引文"),
        ("closes = 2026-05-31", "closes = 2026-06-01", "window.closes：末日是 5月31日，引文写的是5月30日"),
    ],
)
def test_a_contradicted_figure_is_refused(tmp_path: Path, was: str, instead: str, fault: str) -> None:
    folder = tmp_path / "call"
    shutil.copytree(find_call("cases-2026"), folder)
    load_call(folder)
    path = folder / "call.toml"
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, instead, 1), "utf-8")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    assert any(str(one).startswith(f"call.toml：{fault}") for one in caught.value.faults), caught.value.faults
