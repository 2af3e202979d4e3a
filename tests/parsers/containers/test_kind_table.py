"""The one table of file kinds: every kind has its place, and what is derived from it cannot contradict itself."""

from __future__ import annotations

from parsers.containers import kinds
from parsers.containers.kind_table import BY_KEY, TABLE, Family, beginnings, family, fitting, meant, short_word
from parsers.facts.context import ReadContext
from parsers.facts.spool import MemorySpool
from parsers.look.dispatch import look_at
from tests.parsers.containers.world import context


def test_every_kind_stands_once_and_has_a_chinese_name() -> None:
    assert len(BY_KEY) == len(TABLE) > 50
    assert [kind.key for kind in TABLE if not any("\u4e00" <= letter <= "\u9fff" for letter in kind.name)] == []


def test_an_extension_means_one_kind_and_fits_at_least_that_one() -> None:
    told = [extension for kind in TABLE for extension in kind.extensions]

    assert len(told) == len(set(told))
    assert {extension: kind for extension, kind in meant().items() if kind not in fitting()[extension]} == {}


def test_no_beginning_of_bytes_hides_another() -> None:
    every = list(beginnings())
    hidden = [(one, other) for one, _ in every for other, _ in every if one != other and other.startswith(one)]

    assert hidden == []
    assert [(magic, key) for magic, key in every if kinds.sniff(magic + b"\x00" * 600) != key] == []


def test_what_readers_open_is_read_from_the_table() -> None:
    assert family(Family.PICTURE) - {"svg", "psd"} == kinds.PICTURES
    assert family(Family.WORD) - {"docx-encrypted", "ole-encrypted"} == kinds.WORD
    assert family(Family.TABLE) == kinds.TABLES
    assert tuple(BY_KEY) == kinds.KINDS


def test_a_reader_answers_for_every_kind_without_raising() -> None:
    reading: ReadContext = context()

    answered = {kind.key: look_at(b"\x00 nothing", f"x.{kind.key}", kind.key, MemorySpool(), reading) for kind in TABLE}

    assert {key for key, look in answered.items() if look.type != key} <= {"wordxml", "html", "mhtml"}


def test_letters_have_a_short_word_for_every_kind_and_keep_a_word_that_nobody_knows() -> None:
    assert (short_word("jpeg"), short_word("docm"), short_word("zip"), short_word("no-kind")) == (
        "图片",
        "Word",
        "zip 压缩包",
        "no-kind",
    )
