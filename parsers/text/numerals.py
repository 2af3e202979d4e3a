"""Chinese and other numerals as lists show them (编号数字)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """Return the number as Chinese writes it, ``二十三``; digits one by one from ten thousand on."""
    if number >= 10_000:
        return positional(number, digits)
    if number == 0:
        return digits[0]
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            zero = "零" if gap and text else ""
            text += zero + digits[digit] + (units[place - 1] if place else "")
            gap = False
        else:
            gap = True
    return text[1:] if digits is _DIGITS and text.startswith("一十") else text


def positional(number: int, digits: str = _DIGITS) -> str:
    """Return the number digit by digit, ``二三``."""
    return "".join(digits[int(digit)] for digit in str(number))


def roman(number: int) -> str:
    """Return the number in Roman capitals; in digits where Romans had none."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def letters(number: int) -> str:
    """Return A, B … Z, AA, BB … as Word counts with letters."""
    if number < 1:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def _circled(number: int, first: str, last: int) -> str:
    return chr(ord(first) + number - 1) if 0 < number <= last else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperLetter": letters,
    "lowerLetter": lambda number: letters(number).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "koreanCounting": chinese,
    "ideographDigital": positional,
    "taiwaneseDigital": positional,
    "koreanDigital": positional,
    "japaneseDigitalTenThousand": positional,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "japaneseLegal": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "decimalEnclosedCircle": lambda number: _circled(number, "①", 20),
    "decimalEnclosedCircleChinese": lambda number: _circled(number, "①", 20),
    "decimalEnclosedParen": lambda number: _circled(number, "⑴", 20),
    "decimalEnclosedFullstop": lambda number: _circled(number, "⒈", 20),
    "ideographEnclosedCircle": lambda number: _circled(number, "㊀", 10),
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "numberInDash": lambda number: f"- {number} -",
}


def written(number: int, form: str) -> str:
    """Return the number in Word's numbering format ``form`` (``w:numFmt``); digits for a form we do not know."""
    return _FORMS.get(form, str)(max(0, min(number, 1_000_000)))
