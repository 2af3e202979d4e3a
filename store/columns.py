"""Kinds of columns (列): moments, words of closed sets, JSON, long texts, large numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, String, Text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Column, Field


class UtcTime(TypeDecorator[datetime]):
    """A moment: refuses times without a zone, stores UTC, returns UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC without a zone; ``ValueError`` for a time that has no zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class OneOf(TypeDecorator[StrEnum]):
    """A word of a closed set: refuses any other with ``ValueError``, stores its value, returns the member."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Turn into the plain value."""
        del dialect
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give the member back."""
        del dialect
        return None if value is None else self.words(value)


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """Hold a moment."""
    return Field(sa_column=Column(UtcTime, nullable=nullable, index=index), default=None if nullable else ...)


def json_of(default: Any) -> Any:
    """Hold a value as JSON text; ``default`` makes an empty one."""
    return Field(sa_column=Column(JSON, nullable=False), default_factory=default)


def text(default: str = "") -> Any:
    """Hold a text of any length."""
    return Field(sa_column=Column(Text, nullable=False), default=default)


def one_of(words: type[StrEnum], default: Any = ..., *, index: bool = False) -> Any:
    """Hold a word of a closed set."""
    return Field(sa_column=Column(OneOf(words), nullable=False, index=index), default=default)


def large(default: Any = ...) -> Any:
    """Hold a whole number that may pass 2**31: UIDs and UIDVALIDITY are 32 bits without a sign (RFC 3501)."""
    return Field(sa_column=Column(BigInteger, nullable=False), default=default)
