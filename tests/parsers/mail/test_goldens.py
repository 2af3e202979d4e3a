"""Every golden mail is read exactly: sender, subject, text, parts and problems."""

from __future__ import annotations

import hashlib

import pytest

from parsers.facts.spool import MemorySpool
from parsers.mail.message import DecodedMail, decode_mail
from tests.goldens_mail import all_goldens
from tests.goldens_mail.kit import Golden

GOLDENS = all_goldens()


def problems_of(mail: DecodedMail) -> tuple[str, ...]:
    told = [problem.code for problem in mail.problems]
    told += [f"{part.path}: {problem.code}" for part in mail.parts for problem in part.problems]
    return tuple(sorted(told))


def as_golden(golden: Golden, mail: DecodedMail) -> Golden:
    return Golden(
        name=golden.name,
        raw=golden.raw,
        sender=(mail.sender.name, mail.sender.address),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        parts=tuple(
            (part.path, part.name, len(part.data), hashlib.sha256(part.data).hexdigest()) for part in mail.parts
        ),
        problems=problems_of(mail),
        chinese=golden.chinese,
    )


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_a_golden_mail_is_read_exactly(golden):
    assert as_golden(golden, decode_mail(golden.raw)) == golden


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_with_a_spool_the_same_parts_are_told_and_their_bytes_lie_in_the_spool(golden):
    spool = MemorySpool()
    spooled = decode_mail(golden.raw, spool)
    direct = decode_mail(golden.raw)
    assert [part.data for part in spooled.parts] == [b""] * len(direct.parts)
    assert [(p.path, p.sha256, p.size) for p in spooled.parts] == [(p.path, p.sha256, p.size) for p in direct.parts]
    assert [spool.get(part.sha256) for part in spooled.parts] == [part.data for part in direct.parts]


def test_the_corpus_is_as_large_and_as_chinese_as_promised():
    assert len(GOLDENS) >= 180
    assert sum(golden.chinese for golden in GOLDENS) >= 80
