"""Build frozen values from a TOML table by their type hints (按类型装配), noting every fault with its key.

One small reader serves every type in ``config.call``: a key that the type does not know, a key that is missing,
and a value of the wrong kind each become one ``Fault``; nothing stops at the first.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from config.faults import Faults

T = TypeVar("T")

KIND_NAMES: dict[type, str] = {
    str: "文字（加引号）",
    int: "整数",
    float: "数字",
    bool: "true 或 false",
    date: "日期（如 2026-03-16）",
    datetime: "日期时间（如 2026-03-16T00:00:00）",
}


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return the known word that a slip most likely meant; empty where none is near."""
    hit = process.extractOne(word, known, score_cutoff=70)
    return str(hit[0]) if hit else ""


def check_keys(table: Mapping[str, Any], known: tuple[str, ...], where: str, faults: Faults) -> None:
    """Note every key that nobody would read, with the key it was probably meant to be."""
    for key in table:
        if key not in known:
            near = nearest(key, known)
            hint = f"是否应为 {near}？" if near else "请删去。"
            faults.add(join(where, key), f"没有这一项；{hint}")


def join(where: str, key: str) -> str:
    """Return the dotted place of a key."""
    return f"{where}.{key}" if where else key


def build(kind: type[T], table: Mapping[str, Any], where: str, faults: Faults) -> T | None:
    """Build a dataclass from a table; None where faults were found in it."""
    before = len(faults.found)
    values = values_of(kind, table, where, faults)
    return kind(**values) if len(faults.found) == before else None


def values_of(
    kind: type[Any], table: Mapping[str, Any], where: str, faults: Faults, elsewhere: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the fields of a dataclass that the table gives; one that could not be built is None.

    ``elsewhere`` names fields that are made by other means and may stand in the table or not.
    """
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    check_keys(table, tuple(fields), where, faults)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in elsewhere:
            continue
        if name in table:
            values[name] = value(hints[name], table[name], join(where, name), faults)
        elif type(None) in typing.get_args(hints[name]) and field.default is dataclasses.MISSING:
            # A file has no word for "the notice is silent": leaving the key out says it.
            values[name] = None
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            faults.add(join(where, name), "缺少这一项；请补上。")
    return values


def value(hint: Any, raw: Any, where: str, faults: Faults) -> Any:  # noqa: PLR0911 - one way out per kind of value
    """Return the raw TOML value as the type hint asks; notes a fault and returns None where it cannot be."""
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union}:
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return value(inner, raw, where, faults)
    if origin is tuple:
        return items(typing.get_args(hint)[0], raw, where, faults)
    if origin is dict:
        return entries(typing.get_args(hint)[1], raw, where, faults)
    if dataclasses.is_dataclass(hint):
        if not isinstance(raw, Mapping):
            return wrong(raw, "一组键值（[...] 或 {...}）", where, faults)
        return build(typing.cast("type[Any]", hint), raw, where, faults)
    if hint is ZoneInfo:
        return (
            ZoneInfo(raw) if raw in available_timezones() else wrong(raw, "时区名（如 Asia/Shanghai）", where, faults)
        )
    if hint is Path:
        return Path(raw) if isinstance(raw, str) else wrong(raw, KIND_NAMES[str], where, faults)
    if isinstance(hint, type) and issubclass(hint, Enum):
        choices = [member.value for member in hint]
        return hint(raw) if raw in choices else wrong(raw, "、".join(choices) + " 之一", where, faults)
    return plain(hint, raw, where, faults)


def plain(hint: type, raw: Any, where: str, faults: Faults) -> Any:
    """Return a text, number, switch or date unchanged where it is of the kind asked for."""
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    # A datetime is a date to Python, and True is an int; TOML tells them apart and so do we.
    if type(raw) is hint:
        return raw
    return wrong(raw, KIND_NAMES[hint], where, faults)


def items(hint: Any, raw: Any, where: str, faults: Faults) -> tuple[Any, ...]:
    """Return a list as a tuple of the items that could be built; every other one left its faults."""
    if not isinstance(raw, list):
        wrong(raw, "列表（[...]）", where, faults)
        return ()
    built = (value(hint, item, place(where, number, item), faults) for number, item in enumerate(raw, 1))
    return tuple(item for item in built if item is not None)


def place(where: str, number: int, item: Any) -> str:
    """Return how people find an item of a list: by its own code or key where it has one, else by its number."""
    if isinstance(item, Mapping):
        name = item.get("code", item.get("key"))
        if isinstance(name, str) and name:
            return f"{where}.{name}"
    return f"{where}[{number}]"


def entries(hint: Any, raw: Any, where: str, faults: Faults) -> dict[str, Any]:
    """Return a table of free keys, each value checked."""
    if not isinstance(raw, Mapping):
        wrong(raw, "一组键值（[...] 或 {...}）", where, faults)
        return {}
    return {key: value(hint, item, join(where, key), faults) for key, item in raw.items()}


def wrong(raw: Any, wanted: str, where: str, faults: Faults) -> None:
    """Note that a value is of the wrong kind."""
    shown = str(raw).lower() if isinstance(raw, bool) else str(raw)
    faults.add(where, f"应为{wanted}，现为“{shown[:60]}”；请改正。")
