"""A digest written out (简报成文): as plain text, and as HTML with inline styles that a phone shows as it is.

Nothing is loaded from anywhere: the picture comes with the mail (``cid:``). Whatever a sender wrote is escaped.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from flows.replies.letter import Attachment
from flows.steps.digest.content import Content, Figure, Section
from flows.steps.screens.lines import Line

CHART_ID = "progress-chart@zhengji.invalid"

_TONES = {"plain": "#1F4E78", "good": "#3C8D40", "warn": "#B9770E", "bad": "#B03A2E"}
_FONTS = "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_PAGE = (
    "max-width:640px;margin:0 auto;padding:16px 14px;box-sizing:border-box;background:#ffffff;color:#222222;"
    f"font-family:{_FONTS};font-size:15px;line-height:1.6;overflow-wrap:anywhere;word-break:break-word"
)
_TILE = (
    "display:inline-block;vertical-align:top;min-width:84px;margin:0 8px 8px 0;padding:8px 10px;"
    "background:#f3f6f9;border-radius:6px"
)


def as_text(content: Content) -> str:
    """Return the digest as plain text."""
    parts = [content.subject, "", content.lead]
    if content.figures:
        parts += ["", _figures_title(content), *(f"  {one.name} {one.told}" for one in content.figures)]
    if content.chart_words:
        parts += ["", "进度", f"  {content.chart_words}"]
    for section in content.sections:
        parts += ["", section.title]
        for line in section.lines:
            parts.append(f"  · {line.words}")
            parts += [f"    {line.detail}"] if line.detail else []
    return "\n".join([*parts, "", content.foot]).rstrip("\n") + "\n"


def as_html(content: Content) -> str:
    """Return the digest as a page with the same facts in the same order."""
    figures = "".join(_tile(one) for one in content.figures)
    head = _heading(_figures_title(content), "plain") + f"<div>{figures}</div>" if figures else ""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(content.subject)}</title></head>"
        f'<body style="margin:0;padding:0;background:#eceff2"><div style="{_PAGE}">'
        f'<h1 style="font-size:18px;line-height:1.4;margin:0 0 8px">{html.escape(content.subject)}</h1>'
        f'<p style="margin:0 0 8px">{html.escape(content.lead)}</p>'
        f"{head}{_chart(content)}{''.join(_section(one) for one in content.sections)}"
        f'<p style="margin:20px 0 0;color:#777777;font-size:13px">{html.escape(content.foot)}</p>'
        "</div></body></html>"
    )


def standalone(page: str, attachments: Iterable[Attachment]) -> str:
    """Return the page with its pictures inside, for a file that is opened in a browser."""
    for one in attachments:
        if one.content_id:
            inside = f"data:{one.media_type};base64,{base64.b64encode(one.data).decode('ascii')}"
            page = page.replace(f'src="cid:{one.content_id}"', f'src="{inside}"')
    return page


def _figures_title(content: Content) -> str:
    return f"总数（{content.compared}）" if content.compared else "总数"


def _tile(figure: Figure) -> str:
    change = f'<span style="font-size:12px;color:#555555">{figure.changed}</span>' if figure.changed else ""
    return (
        f'<div style="{_TILE}"><div style="font-size:13px;color:#555555">{html.escape(figure.name)} </div>'
        f'<div><b style="font-size:20px">{figure.value}</b> {html.escape(figure.unit)}{change}</div></div>'
    )


def _chart(content: Content) -> str:
    if not content.chart_words:
        return ""
    words = html.escape(content.chart_words, quote=True)
    picture = ""
    if content.chart:
        picture = (
            f'<img src="cid:{CHART_ID}" alt="{words}" width="612" '
            'style="display:block;width:100%;max-width:612px;height:auto;border:0">'
        )
    return f'{_heading("进度", "plain")}{picture}<p style="margin:4px 0 0">{words}</p>'


def _heading(title: str, tone: str) -> str:
    colour = _TONES[tone]
    return (
        f'<h2 style="font-size:16px;margin:18px 0 6px;padding-left:8px;border-left:4px solid {colour};color:{colour}">'
        f"{html.escape(title)}</h2>"
    )


def _section(section: Section) -> str:
    lines = "".join(_line(line) for line in section.lines)
    return f'{_heading(section.title, section.tone)}<ul style="margin:0;padding-left:20px">{lines}</ul>'


def _line(line: Line) -> str:
    detail = ""
    if line.detail:
        detail = f'<div style="color:#666666;font-size:13px">{html.escape(line.detail)}</div>'
    return f'<li style="margin:0 0 4px">{html.escape(line.words)}{detail}</li>'
