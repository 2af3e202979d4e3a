"""The facts of a digest (简报事实), read from the same tables as the screens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.call import Policy
from flows.replies.letter import LetterKind
from flows.steps.alarms.alarms import Alarm, alarms
from flows.steps.digest.calling import PhoneCall, call_sheet
from flows.steps.digest.history import ACTIONS, Course, courses, statuses_at
from flows.steps.lists.quotas import quota_ledger, routes_ledger
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import Task, waiting
from flows.steps.workshop import Workshop
from store import journal
from store.states import SubmissionStatus
from store.views import overview
from store.views.overview import FolderCount

_LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything that a digest of one moment rests on."""

    values: dict[str, Any]
    """The register."""
    since: datetime
    """The digest before, of an earlier day; a day ago where there was none of late."""
    mails_new: int
    courses: tuple[Course, ...]
    tasks: tuple[Task, ...]
    calls: tuple[PhoneCall, ...]
    quotas: tuple[str, ...]
    folders: tuple[FolderCount, ...]
    alarms: tuple[Alarm, ...]
    policies: tuple[Policy, ...]
    now: datetime

    @property
    def today(self) -> Counter[str]:
        """Submissions by status, as the register has them."""
        return Counter(row["status"] for row in self.values["submissions"])

    @property
    def before(self) -> Counter[str]:
        """Submissions by status when the digest before was made."""
        return statuses_at(self.courses, self.since)

    def turned(self, status: SubmissionStatus) -> tuple[dict[str, Any], ...]:
        """Return the register's rows that have this status now and did not when the digest before was made."""
        before = {course.number: course.at(self.since) for course in self.courses}
        return tuple(
            row for row in self.values["submissions"] if row["status"] == status and before[row["number"]] != status
        )

    @property
    def opened(self) -> tuple[dict[str, Any], ...]:
        """The register's rows that are new since the digest before."""
        fresh = {course.number for course in self.courses if course.at(self.since) is None}
        return tuple(row for row in self.values["submissions"] if row["number"] in fresh)

    @property
    def lost(self) -> bool:
        """Whether a mail is missing: a named gap, or a UID that could not be fetched."""
        return any(folder.gaps or folder.failed for folder in self.folders)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say: nothing came, nothing changed, nobody waits, nothing is wrong."""
        changed = any(course.at(self.since) != course.at(self.now) for course in self.courses)
        return not (changed or self.mails_new or self.tasks or self.calls or self.alarms or self.lost)


def gather(shop: Workshop, now: datetime) -> DigestFacts:
    """Read everything that the digest says."""
    values = register_values(shop, now)
    tasks = waiting(shop, values, now)
    standing = alarms(shop.store, now, silent=timedelta(minutes=shop.settings.silent_minutes))
    with shop.store.reading() as session:
        midnight = now.astimezone(shop.call.window.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
        last = overview.last_letter_before(session, LetterKind.DIGEST.value, "digest:", midnight)
        since = last if last is not None and now - last <= _LOOK_BACK else now - timedelta(days=1)
        ledger = quota_ledger(session, shop.call)
        return DigestFacts(
            values=values,
            since=since,
            mails_new=overview.fetched_since(session, since),
            courses=courses(values, journal.read(session, actions=ACTIONS), now),
            tasks=tasks,
            calls=call_sheet(shop, session, values, now),
            quotas=(
                *(line.sentence() for line in ledger),
                *(one.sentence() for one in routes_ledger(session, shop.call)),
            ),
            folders=overview.folder_counts(session),
            alarms=standing,
            policies=tuple(policy for policy in shop.call.policies.values() if policy.asked and not policy.confirmed),
            now=now,
        )
