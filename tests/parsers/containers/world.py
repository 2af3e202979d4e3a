"""The call, and papers such as applicants send, made once for the tests of this folder."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from docx import Document
from PIL import Image

from config.load import find_call, load_call
from parsers.facts.context import ReadContext

APPLICANT = "浙江示例精工股份有限公司"
TITLE = "精密轴承企业关键核心技术突破机制"


@cache
def context() -> ReadContext:
    return ReadContext(load_call(find_call("cases-2026")), ocr=False)


@cache
def report_docx(words: int = 8100) -> bytes:
    """Return a report with the four parts."""
    document = Document()
    document.add_heading(TITLE, 0)
    shares = (("一、引言", 300), ("二、企业概况", 800), ("三、特色实践", 6000), ("四、经验启示", 1000))
    sentence = "企业坚持专业化发展道路，持续投入研发。"
    for heading, share in shares:
        document.add_heading(heading, 1)
        for _ in range(max(1, share * words // 8100 // len(sentence) // 5)):
            document.add_paragraph(sentence * 5)
    return _saved(document)


@cache
def form_docx() -> bytes:
    """Return the form as a Word file, filled and unsealed."""
    document = Document()
    document.add_paragraph("浙江省专精特新企业发展优秀案例申报推荐表")
    for line in (
        f"案例名称：{TITLE}",
        f"申报企业（全称）：{APPLICANT}",
        "推荐单位：浙江省机械工业联合会",
        "报送时间：2026年5月8日",
    ):
        document.add_paragraph(line)
    return _saved(document)


def captions_docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return _saved(document)


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


@cache
def photo_jpg(seed: int = 0, width: int = 620, height: int = 240) -> bytes:
    """Return a coloured, busy picture that is like no other of another seed."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 255, (height // 20, width // 20, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    grain = generator.normal(0, 12, (height, width, 3))
    noisy = np.clip(np.asarray(picture, dtype=np.float64) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def logo_png(width: int = 120, height: int = 40) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((200, 20, 20, 255), (5, 5, width // 2, height - 5))
    picture.save(out, "PNG")
    return out.getvalue()
