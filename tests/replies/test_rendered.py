"""Letters in a real browser, at desktop and phone width, light and dark: nothing overflows, everything can be read.

With ``ZHENGJI_LETTER_PICTURES=<folder>`` the pictures are kept there, to be looked at.
"""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.replies.letter import Letter
from tests.replies.situations import SCENES, Scene
from tests.servers.browser import CHROMIUM, needs_browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.slow, *needs_browser]
SHOWN = [scene for scene in SCENES if not scene.name.startswith("deficient-no-") or scene.name == "deficient-no-seal"]
WIDTHS = {"desktop": 1000, "phone": 360}

CONTRASTS = """() => {
  const parse = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.textContent.trim()) continue;
    const element = walker.currentNode.parentElement;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), parseFloat(getComputedStyle(element).fontSize), element.textContent]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def with_pictures(letter: Letter) -> str:
    """The HTML with its inline pictures where a mail program would put them."""
    html = letter.html
    for picture in letter.attachments:
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.content_id}", f"data:{picture.media_type};base64,{data}")
    return html


@pytest.mark.parametrize("shade", ["light", "dark"])
@pytest.mark.parametrize("device", list(WIDTHS))
def test_every_letter_fits_and_can_be_read(browser: Any, device: str, shade: str, tmp_path: Path) -> None:
    asked: list[str] = []
    page = browser.new_page(viewport={"width": WIDTHS[device], "height": 800}, color_scheme=shade)
    page.on("request", lambda request: asked.append(request.url))
    kept = os.environ.get("ZHENGJI_LETTER_PICTURES")
    folder = Path(kept) if kept else tmp_path
    for scene in SHOWN:
        page.set_content(with_pictures(scene.letter()))
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room, scene.name
        texts = page.evaluate(CONTRASTS)
        assert texts, scene.name
        assert [entry for entry in texts if entry[0] < 4.5 or entry[1] < 13] == [], scene.name
        widest = page.evaluate("Math.max(...[...document.querySelectorAll('body > div')].map(e => e.offsetWidth))")
        assert widest <= 680, scene.name
        if kept and shade == "light":
            page.screenshot(path=str(folder / f"{scene.name}-{device}.png"), full_page=True)
    page.close()
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == []


def test_what_to_do_stands_in_the_first_screen_of_a_phone(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    for scene in SHOWN:
        page.set_content(with_pictures(scene.letter()))
        bottom = page.evaluate("document.querySelector('body > div > div').getBoundingClientRect().bottom")
        words = page.evaluate("document.querySelector('body > div > div').innerText")
        assert bottom < 200, scene.name
        assert first_line(scene) in words.replace("\n", ""), scene.name
    page.close()


def first_line(scene: Scene) -> str:
    return scene.letter().text.splitlines()[0].removeprefix("■ ")
