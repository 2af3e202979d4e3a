"""The browser of the tests that open letters and pages: Chromium, and a driver that starts on this machine."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@cache
def lacking() -> str:
    """Say what this machine lacks; nothing where a browser can be opened."""
    if CHROMIUM is None:
        return "Chromium is not installed"
    from playwright._impl._driver import (  # noqa: PLC0415 - only here is a browser needed
        compute_driver_executable,
    )

    begun = subprocess.run([compute_driver_executable()[0], "--version"], capture_output=True, text=True, check=False)
    return "" if begun.returncode == 0 else f"the browser's driver does not start: {begun.stderr.strip()[-120:]}"


needs_browser = [pytest.mark.browser, pytest.mark.skipif(bool(lacking()), reason=lacking() or "a browser is here")]
