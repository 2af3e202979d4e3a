"""The coordinators' digest: made from the tables, put into the outbox once a day."""

from __future__ import annotations

from datetime import datetime

from flows.replies.letter import Attachment, Letter, LetterKind
from flows.steps.answer import post
from flows.steps.digest.compose import content_of
from flows.steps.digest.content import Content, Digest
from flows.steps.digest.facts import DigestFacts, gather
from flows.steps.digest.written import CHART_ID, as_html, as_text
from flows.steps.screens.register import write_register
from flows.steps.workshop import Workshop

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_digest(shop: Workshop, now: datetime) -> Digest:
    """Make the digest of what happened since the one before, from the same tables that the screens read.

    Where nothing happened and nobody waits it is one short mail that says so, without picture and register.
    """
    facts = gather(shop, now)
    content = content_of(facts, shop.call)
    return written(content, () if facts.quiet else (_register(shop, facts),))


def written(content: Content, files: tuple[Attachment, ...], recommender: str = "") -> Digest:
    """Return the digest with its texts, its picture and these files."""
    picture: tuple[Attachment, ...] = ()
    if content.chart:
        picture = (Attachment("进度.png", "image/png", content.chart, CHART_ID, content.chart_words),)
    return Digest(
        content.subject, as_text(content), as_html(content), content.sections, (*picture, *files), recommender
    )


def queue_digest(shop: Workshop, digest: Digest, now: datetime) -> str:
    """Put the digest into the outbox for every coordinator, once a day; say in one sentence what was done.

    Never to an address of our own: mail to oneself is what gets NetEase accounts blocked.
    """
    readers = [address for address in shop.settings.digest_to if address not in shop.settings.ours]
    if not readers:
        return "没有设置简报收件人（ZHENGJI_DIGEST_TO，不能是本系统自己的邮箱），简报未发送。"
    day = now.astimezone(shop.call.window.timezone).date().isoformat()
    count = sum(1 for address in readers if _queue(shop, digest, f"digest:{day}", f"{day}|{address}", address, now))
    return f"简报已放入发件队列，收件人 {count} 位。" if count else "今天的简报已经拟过，不再重复。"


def queue_to(shop: Workshop, digest: Digest, address: str, now: datetime) -> bool:
    """Put a recommender's digest into the outbox; False where this day's was made already."""
    day = now.astimezone(shop.call.window.timezone).date().isoformat()
    return _queue(shop, digest, f"recommender-digest:{digest.recommender}", f"{day}|{address}", address, now)


def _queue(shop: Workshop, digest: Digest, about: str, state: str, address: str, now: datetime) -> bool:
    letter = Letter(LetterKind.DIGEST, "", address, digest.subject, digest.text, digest.html, digest.attachments)
    with shop.store.transaction() as session:
        return post.enqueue(shop, session, letter, post.Place(about, state), now, reason="每日简报。") is not None


def _register(shop: Workshop, facts: DigestFacts) -> Attachment:
    """Return the register as a file, from the very values that the digest tells: a poll may run meanwhile."""
    path = shop.spool / "register.xlsx"
    write_register(shop, path, facts.now, facts.values)
    return Attachment("台账.xlsx", XLSX, path.read_bytes())
