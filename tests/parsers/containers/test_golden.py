"""Every golden archive gives exactly the leaves it should: path, name, size, SHA-256, and problems."""

from __future__ import annotations

import hashlib

import pytest

from parsers.containers.budget import Budget
from parsers.containers.passwords import find_passwords
from parsers.containers.unpack import Found, MailInside, unpack
from parsers.facts.spool import MemorySpool
from parsers.mail.message import decode_mail
from tests.parsers.containers.golden import CASES, Case, bytes_of


def _sum(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_golden_archive_gives_exactly_its_leaves(case: Case) -> None:
    spool = MemorySpool()
    archive = bytes_of(case)

    def read_mail(raw: bytes) -> MailInside:
        mail = decode_mail(raw, spool)
        parts = tuple(Found(part.name, part.sha256, part.path, part.declared) for part in mail.parts)
        return MailInside(f"{mail.subject}\n{mail.text}".strip(), parts, mail.problems)

    found = (Found(case.name, spool.put(archive)),)
    unpacked = unpack(found, spool, Budget(), find_passwords((case.text,)), read_mail)

    assert [
        (leaf.path, leaf.name, leaf.size, leaf.sha256, tuple(problem.code for problem in leaf.problems))
        for leaf in unpacked.leaves
    ] == [
        (path, path.rpartition("/")[2], *_sum(archive if content is None else content), _codes(codes))
        for path, content, codes in case.leaves
    ]
    assert [text for _, text in unpacked.texts] == list(case.texts)
    assert all(spool.get(leaf.sha256) is not None for leaf in unpacked.leaves)


def _codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    # That a file is empty is seen when somebody looks into it.
    return tuple(code for code in codes if code != "file-empty")


def test_there_are_enough_golden_archives_and_each_has_its_own_name() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 100
