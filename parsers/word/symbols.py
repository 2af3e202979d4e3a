"""Characters of symbol fonts (符号字体) as the signs that a reader sees."""

from __future__ import annotations

_TICKED, _BOX = "☑", "□"
_WINGDINGS = {0xFC: "√", 0xFB: "×", 0xFE: _TICKED, 0xFD: "☒", 0xA8: _BOX, 0x6F: _BOX, 0x71: _BOX, 0x6C: "●", 0xD8: "▶"}
_WINGDINGS_2 = {0x50: "√", 0x52: _TICKED, 0x54: "☒", 0xA3: _BOX, 0x2A: _BOX, 0x4F: "×"}


def shown_symbol(font: str, code: str) -> str:
    """Return the sign for a ``w:sym``; ``·`` for a sign we have no character for."""
    try:
        number = int(code[:8], 16)
    except ValueError:
        return ""
    low = number & 0xFF if 0xF000 <= number <= 0xF0FF else number
    name = font.lower()
    if name == "wingdings 2":
        return _WINGDINGS_2.get(low, "·")
    if name.startswith(("wingdings", "webdings", "symbol")):
        return _WINGDINGS.get(low, "·")
    return chr(number) if 0x20 <= number < 0xD800 else "·"
