"""The digest in a real browser, at the width of a desk and of a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.steps.digest import make_digest, standalone
from flows.steps.workshop import Workshop
from tests.digest.conftest import MORNING, show_mailbox
from tests.servers.browser import ARGUMENTS, CHROMIUM, needs_browser

pytestmark = [pytest.mark.slow, *needs_browser]


def test_the_digest_fits_desk_and_telephone_and_asks_nobody_for_anything(shop: Workshop, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here is a browser needed

    show_mailbox(shop, 4)
    made = make_digest(shop, MORNING)
    path = tmp_path / "digest.html"
    path.write_text(standalone(made.html, made.attachments), encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width in (1280, 360):
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.on("request", lambda request: asked.append(request.url))
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate("document.images.length && document.images[0].naturalWidth") == 960
            boxes = page.evaluate("[...document.querySelectorAll('body *')].map(e => e.getBoundingClientRect().right)")
            assert max(boxes) <= width
            assert page.evaluate("document.body.firstElementChild.getBoundingClientRect().width") == min(width, 640)
            assert "申报 3 件" in " ".join(page.inner_text("body").split())
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
