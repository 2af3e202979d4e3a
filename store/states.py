"""The words that rows are kept by (状态、关系、依据…): every closed set of values a column of ours may hold.

They stand below the tables, so that rules, letters and attribution, which may know no table, use the same words. A
value is what the database holds: it never changes once rows have been written with it.
"""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """How far a mail has come (来信状态)."""

    STORED = "stored"
    """In the database, not yet examined, or to be examined again."""
    EXAMINED = "examined"
    """Read, filed and checked."""
    QUARANTINED = "quarantined"
    """Could not be read after several attempts: staff look at it."""
    SETTLED = "settled"
    """Staff said that it is none of ours, or answered it themselves."""


class MessageKind(StrEnum):
    """What a mail turned out to be (来信种类)."""

    UNREAD = ""
    """Not known yet."""
    SUBMISSION = "submission"
    """It opened a submission, or brought files whose place staff must say."""
    SUPPLEMENT = "supplement"
    """It brought files for submissions that were there."""
    INQUIRY = "inquiry"
    """It brought no material and asks, thanks or withdraws."""
    MACHINE = "machine"
    """A program's own message: listed."""
    ASIDE = "aside"
    """Nobody's materials, and nothing of the call: listed by name, never answered."""
    BOUNCE = "bounce"
    """A report about a letter of ours."""
    IRRELEVANT = "irrelevant"
    """None of our business."""
    QUARANTINED = "quarantined"
    """Could not be read."""


class LedgerState(StrEnum):
    """What became of one UID that the server showed us (收件登记状态)."""

    FETCHED = "fetched"
    """We have the mail."""
    VANISHED = "vanished"
    """Gone from the server before we had it."""
    FAILED = "failed"
    """Will be tried again."""
    GIVEN_UP = "given-up"
    """Will not be tried again by itself: staff see it."""


class SubmissionStatus(StrEnum):
    """Where a submission stands (申报件状态)."""

    COMPLETE = "complete"
    """All that the notice asks is here."""
    INCOMPLETE = "incomplete"
    """Something is missing or was never judged."""
    DOUBTFUL = "doubtful"
    """Nothing is missing, something is in doubt: staff look at it."""
    LATE = "late"
    """Received after the closing moment."""
    WITHDRAWN = "withdrawn"
    """Taken back at the applicant's wish."""
    MERGED = "merged"
    """Taken in by another one, or closed because nothing in it stayed: it stands in no list."""


class Relation(StrEnum):
    """How a mail belongs to a submission (来信关系)."""

    OPENS = "opens"
    """The submission was opened for it."""
    SUPPLEMENTS = "supplements"
    """It adds to a submission that was there."""
    PENDING = "pending"
    """A stranger's, or in doubt: its files wait for staff and replace nothing."""
    BUNDLE = "bundle"
    """It brought the papers of several firms, this one's among them."""
    CONCERNS = "concerns"
    """It is about the submission and brings no file."""


class Basis(StrEnum):
    """What an attribution rests on (归属依据)."""

    TOKEN = "token"  # noqa: S105 - the word, not the secret
    """It answers a letter of ours."""
    NUMBER = "number"
    """It names the 受理编号."""
    THREAD = "thread"
    """It goes on from an earlier mail."""
    CODE = "code"
    """Its files name the credit code."""
    NAME = "name"
    """Its files name the firm."""
    ALIAS = "alias"
    """Staff tied the sender or its domain to the firm."""
    SENDER = "sender"
    """Nothing but who sent it."""
    NEW = "new"
    """A firm that was not in the register."""
    UNNAMED = "unnamed"
    """Files that name no firm, from a sender who was not in the register."""
    FILES = "files"
    """One of its files lies in the submission already."""
    JOINED = "joined"
    """Its sender's one submission was nameless, and it names the firm."""
    STAFF = "staff"
    """Staff said so."""


class VersionState(StrEnum):
    """Where a version stands (版本状态)."""

    CURRENT = "current"
    """现行件."""
    SUPERSEDED = "superseded"
    """被新版本替代."""
    PENDING = "pending"
    """来自其他发件人或尚存疑问，待人工确认."""
    REFUSED = "refused"
    """人工不予采纳."""


class Standing(StrEnum):
    """What was decided about one filed leaf itself (文件去留)."""

    FILED = "filed"
    """Taken in."""
    PENDING = "pending"
    """A stranger's, waiting for staff."""
    ACCEPTED = "accepted"
    """A stranger's that staff took in."""
    REFUSED = "refused"
    """Refused by staff."""


class LetterState(StrEnum):
    """How far a letter has come (回信状态). Only ``QUEUED`` ever becomes ``SENDING``."""

    HELD = "held"
    """Waits for staff."""
    QUEUED = "queued"
    """Waits to go."""
    SENDING = "sending"
    """Claimed by a sender."""
    SENT = "sent"
    """The server took it."""
    FAILED = "failed"
    """The server refused it: staff look at it."""
    BOUNCED = "bounced"
    """It came back."""
    UNKNOWN = "unknown"
    """Perhaps sent: never sent again blindly."""
    CANCELLED = "cancelled"
    """Taken back by the machine, because it no longer was true."""
    REFUSED = "refused"
    """Staff decided that it does not go."""
    SHADOW = "shadow"
    """Composed only, in a run that sends nothing."""
    DRAFTED = "drafted"
    """Lies in the drafts folder."""


class SuggestionKind(StrEnum):
    """What staff are asked about files (归属建议种类)."""

    LEFTOVER = "leftover"
    """They fit no firm of a bundle."""
    MAYBE = "maybe"
    """They may belong to the submission."""
    SECOND_CASE = "second-case"
    """They look like a second case of a firm that has one."""


class SuggestionState(StrEnum):
    """What became of a question to staff (归属建议状态)."""

    OPEN = "open"
    """Nobody has answered."""
    ACCEPTED = "accepted"
    """Staff followed the guess."""
    REFUSED = "refused"
    """Staff did not."""
    WITHDRAWN = "withdrawn"
    """The machine took it back, because the mail is filed again in its turn."""


class OperationKind(StrEnum):
    """What staff did to submissions (归并种类)."""

    MERGE = "merge"
    """Took one submission into another."""
    SPLIT = "split"
    """Made a submission of some mails of another."""
    MOVE = "move"
    """Put files into another submission."""


class AliasKind(StrEnum):
    """By what staff's correction is remembered (归属规则种类)."""

    SENDER = "sender"
    """The address of a sender."""
    DOMAIN = "domain"
    """The mail domain of an organisation."""
    NAME = "name"
    """Another name of the firm."""


class ListKind(StrEnum):
    """What an imported list holds (名单种类)."""

    TITLE = "title"
    """Firms that bear a title."""
    MEMBER = "member"
    """Members of the issuer."""
    RECOMMENDER = "recommender"
    """Bodies that may recommend, with their quotas."""
