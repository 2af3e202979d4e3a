from __future__ import annotations

import pytest

from config.load import find_call, load_call
from parsers.facts.context import ReadContext
from parsers.facts.spool import MemorySpool


@pytest.fixture(scope="session")
def context() -> ReadContext:
    """The call of the cases, without lists of names."""
    return ReadContext(load_call(find_call("cases-2026")))


@pytest.fixture(scope="session")
def blind(context: ReadContext) -> ReadContext:
    """The same without OCR: for what can be known of a file without reading pictures."""
    return ReadContext(context.call, ocr=False)


@pytest.fixture
def spool() -> MemorySpool:
    return MemorySpool()
