"""Staff at the Prefect UI, in a real browser: find a submission, see its pictures, act by a form, see the register.

Everything goes through the pages themselves: the operation is filled in and submitted in its React form, no run is
created behind it. Only the end of the run is awaited at the API, because the UI does not refresh an artifact's text.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.steps.orchestrator import free_port, running_server, server_environment
from tests.desk.conftest import FIRST, LATE, office
from tests.servers.browser import ARGUMENTS, CHROMIUM, needs_browser

__all__ = ["office"]

AT = "2026-05-31T10:00:00+08:00"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.prefect,
    pytest.mark.timeout(280),
    *needs_browser,
]


@dataclass
class Office:
    """A running server and desk."""

    web: str
    child: subprocess.Popen[bytes]
    log: Path

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(f"{self.web}/api{path}", data=json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def await_run(self, flow: str, seconds: int = 90) -> dict[str, Any]:
        """Return the flow's newest run once it has ended."""
        deadline = time.monotonic() + seconds
        while True:
            runs = self.ask("/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_DESC"})
            if runs and runs[0]["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}:
                return dict(runs[0])
            assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")[-3000:]
            time.sleep(1)


@pytest.fixture
def desk(office: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(office, tmp_path / "data")
    settings = {
        "ZHENGJI_HOME": str(tmp_path / "data"),
        "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
        "ZHENGJI_SECRET": "for-tests-only-0123456789",
        "ZHENGJI_REPLY_MODE": "approve",
    }
    prefect = server_environment(tmp_path, free_port()) | {"PREFECT_RUNNER_POLL_FREQUENCY": "2"}
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "ZHENGJI"))}
    log = tmp_path / "desk.log"
    with running_server(prefect, tmp_path / "server.log") as api, log.open("wb") as sink:
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("desk_child.py")), AT],
            env=clean | prefect | settings,
            stdout=sink,
            stderr=sink,
        )
        try:
            deadline = time.monotonic() + 90
            while b"published" not in log.read_bytes():
                assert child.poll() is None, log.read_text(encoding="utf-8")[-3000:]
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")[-3000:]
                time.sleep(0.3)
            yield Office(api.removesuffix("/api"), child, log)
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def picture(page: Any, name: str) -> None:
    """Keep a screenshot for the documents where ``ZHENGJI_PICTURES`` names a folder."""
    folder = os.environ.get("ZHENGJI_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def fill_withdrawal(page: Any, desk: Office, number: str) -> None:
    """Open the form of 登记撤回 and fill it in by the labels that staff read."""
    found = desk.ask("/deployments/filter", {"deployments": {"name": {"any_": ["登记撤回"]}}})
    page.goto(f"{desk.web}/v2/deployments/deployment/{found[0]['id']}/run")
    page.get_by_label("经办人").fill("李经办")
    page.get_by_label("理由").fill("企业来电撤回，已核实")
    page.get_by_label("受理编号").fill(number)


def test_staff_find_a_submission_see_its_pictures_and_change_the_register_by_a_form(desk: Office) -> None:
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only here is a browser needed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)

        # The register leads to the submission's page.
        page.goto(f"{desk.web}/v2/artifacts/key/register")
        row = page.locator("tr", has_text=LATE)
        expect(row).to_contain_text("逾期")
        page.locator("tr", has_text=FIRST).get_by_role("link").click()
        page.wait_for_url("**/artifacts/key/dossier-al2026-0001")

        # Places on the form and the photos really show.
        expect(page.get_by_role("heading", name="图像依据", exact=True)).to_be_visible()
        widths = page.evaluate(
            "[...document.images].filter(one => one.src.startsWith('data:')).map(one => one.naturalWidth)"
        )
        assert len(widths) >= 3
        assert min(widths) > 0
        page.get_by_role("heading", name="图像依据", exact=True).scroll_into_view_if_needed()
        picture(page, "dossier")

        # The list of what waits shows the letter that staff would release, and leads to the form that releases it.
        page.goto(f"{desk.web}/v2/artifacts/key/todo")
        expect(page.get_by_role("heading", name="待放行回信（3 封）", exact=True)).to_be_visible()
        form_of_rule = page.locator("tr", has_text="S01").get_by_role("link", name="裁定存疑").get_attribute("href")
        assert form_of_rule is not None
        picture(page, "todo")
        page.goto(f"{desk.web}{form_of_rule}")
        expect(page.get_by_label("规则代码")).to_be_visible()

        # A form that says nonsense is refused beside its field and starts nothing.
        fill_withdrawal(page, desk, "第三件")
        page.get_by_role("button", name="Submit").click()
        expect(page.locator("p", has_text="'第三件' does not match")).to_be_visible()
        assert desk.ask("/flow_runs/filter", {"flows": {"name": {"any_": ["登记撤回"]}}}) == []

        # Filled in rightly it does the operation. The form is opened anew: the notice of a refusal covers its button.
        fill_withdrawal(page, desk, "AL2026-0003")
        picture(page, "form")
        page.get_by_role("button", name="Submit").click()
        run = desk.await_run("登记撤回")
        assert (run["state_type"], run["name"]) == ("COMPLETED", "登记撤回-AL2026-0003")

        # And the register says so.
        page.goto(f"{desk.web}/v2/artifacts/key/register")
        expect(page.locator("tr", has_text=LATE)).to_contain_text("已撤回")
        page.goto(f"{desk.web}/v2/artifacts/key/dossier-al2026-0003")
        expect(page.get_by_text("李经办 登记撤回。企业来电撤回，已核实")).to_be_visible()
        browser.close()
