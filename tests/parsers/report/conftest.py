"""What the tests of the report readers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load_call
from parsers.facts.context import ReadContext

CALL = Path(__file__).resolve().parents[3] / "config" / "calls" / "cases-2026"


@pytest.fixture(scope="session")
def context() -> ReadContext:
    return ReadContext(load_call(CALL))
