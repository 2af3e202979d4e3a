"""Golden letters: the whole plain text of every situation, and the whole HTML of a few."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.replies.letter import LetterKind
from flows.replies.letterbook import LETTER_KINDS
from flows.replies.matter import Waiting
from flows.replies.safe_text import safe
from flows.replies.wrap import COLUMNS, columns
from tests.replies import situations
from tests.replies.saying import REQUEST
from tests.replies.situations import SCENES, Scene

WHOLE_HTML = {"received-complete", "deficient-with-picture", "deficient-hostile-names", "bundle-one-deficient"}
ASKING = {
    *(LetterKind.DEFICIENT, LetterKind.UNREADABLE, LetterKind.CLOUD_LINK, LetterKind.REMIND_OPEN),
    LetterKind.NO_ATTACHMENT,
}
GOLDENS = Path(__file__).parent / "goldens"
ALL = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)


class Words(HTMLParser):
    """Collects what a reader of the HTML part sees, alternative texts left out (they stand beside the picture)."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.hidden += tag in {"title", "style", "script", "head"}

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"title", "style", "script", "head"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def seen(html: str) -> str:
    parser = Words()
    parser.feed(html)
    return "".join(parser.words)


def bare(text: str) -> str:
    """The words alone, without what only one of the two forms needs: spacing, bullets, list numbers, frames."""
    return re.sub(r"\d+\.\s|[\s【】■·\-]|（见网页版正文）", "", text)


def test_there_are_at_least_sixty_situations_and_every_kind_is_among_them() -> None:
    assert len(SCENES) >= 60
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    assert {scene.kind for scene in SCENES} == set(LETTER_KINDS)


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{scene.name}.txt" for scene in SCENES} | {f"{name}.html" for name in WHOLE_HTML}
    assert {path.name for path in GOLDENS.iterdir()} == expected


@ALL
def test_letter_says_word_for_word_what_was_reviewed(scene: Scene, golden: Callable[[str, str], None]) -> None:
    letter = scene.letter()
    golden(f"{scene.name}.txt", f"主题：{letter.subject}\n\n{letter.text}")
    if scene.name in WHOLE_HTML:
        golden(f"{scene.name}.html", letter.html)


@ALL
def test_plain_text_and_html_say_the_same(scene: Scene) -> None:
    letter = scene.letter()
    assert bare(seen(letter.html)) == bare(letter.text)


@ALL
def test_plain_lines_are_no_wider_than_76_columns_unless_a_name_is(scene: Scene) -> None:
    wide = [line.strip() for line in scene.letter().text.splitlines() if columns(line) > COLUMNS]
    names = {situations.LONG_NAME, safe(situations.HOSTILE_NAME), situations.LONG.applicant}
    assert [line for line in wide if not any(name in line for name in names)] == []


@ALL
def test_subject_is_one_line_and_tells_whether_to_act(scene: Scene) -> None:
    subject = scene.letter().subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) <= 120
    acts, rest = bool(REQUEST.search(subject)), "无需操作" in subject
    if scene.kind in ASKING:
        assert subject.startswith("【请补")
    elif isinstance(scene.matter, Waiting):
        assert subject.startswith("【截止提醒】")
    elif not subject.startswith(("【附件模板】", "【已转办】", "【已收到·超出名额】")):
        assert acts is not rest


@ALL
def test_html_carries_nothing_from_outside_and_no_script(scene: Scene) -> None:
    parser = Words()
    parser.feed(scene.letter().html)
    assert parser.tags <= {"html", "head", "meta", "title", "body", "div", "p", "h2", "span", "b", "ol", "li", "img"}
    names = {name for name, _ in parser.attributes}
    assert names <= {"lang", "charset", "name", "content", "style", "src", "alt"}
    for name, value in parser.attributes:
        assert name != "src" or (value or "").startswith("cid:place-")
        assert name != "style" or ("url(" not in (value or "") and "import" not in (value or ""))
