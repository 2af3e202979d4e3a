"""Files inside a PDF (PDF 包、PDF 内嵌附件): ISO 32000-1, 7.11.4 and 12.3.5."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PdfReader

from parsers.containers.budget import Budget, OverBudget
from parsers.containers.entries import Entry, Unopened, damaged, entry_damaged
from parsers.containers.entry_names import is_clutter, steps_of


def may_hold_files(data: bytes) -> bool:
    """Whether the PDF speaks of embedded files. They are streams, so their mark is never compressed away."""
    return b"/EmbeddedFile" in data


def read_portfolio(data: bytes, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield the files embedded in a PDF; raise ``Unopened`` where the list of them cannot be read."""
    try:
        embedded = list(PdfReader(io.BytesIO(data)).attachment_list)
    except Exception as error:  # pypdf raises whatever a damaged file leads it to
        raise Unopened(damaged(where, "PDF 内嵌的附件")) from error
    budget.listed(len(embedded))
    for item in embedded:
        try:
            steps, problems = steps_of(str(item.alternative_name or item.name), where)
        except Exception:  # noqa: BLE001 - as above; the other files are still read
            steps, problems = ("未命名文件",), ()
        if is_clutter(steps):
            budget.clutter()
            continue
        budget.take_entry(where)
        meter = budget.meter(f"{where}/{'/'.join(steps)}")
        try:
            content = bytes(item.content)
            meter.add(len(content))
        except OverBudget as over:
            if over.stops is not meter:
                raise
            yield Entry(steps, None, (*problems, over.problem))
            continue
        except Exception:  # noqa: BLE001 - as above
            yield Entry(steps, None, (*problems, entry_damaged(meter.where)))
            continue
        yield Entry(steps, content, problems)
