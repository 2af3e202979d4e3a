"""What a mail says of submissions, and what is known of whoever wrote it (来信所言): pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

from config.call import Call
from flows.attribution.fates import IDLE, Sender, of_notice
from flows.attribution.placement import Attribution, Lookups, Placement, same_firm
from parsers.facts.leaf import Role
from parsers.facts.mails import AuthVerdict, Intent, MailReading, Notice, ReadLeaf
from parsers.names.company import Sameness, find_companies, is_body, mention
from parsers.text.credit_code import find_credit_codes
from store.dossier.known_submission import KnownSubmission, domain_of
from store.states import Basis, MessageKind, Relation

_CALLED = 0.7
"""Likeness of a short name from which a known sender is understood to speak of that firm."""
_MOST_NAMES = 12
_OF_ALL = frozenset({Intent.STATUS, Intent.PASSWORD})
"""Intents in which a sender with several submissions speaks of all of them where none is called."""
_SAYS_NOTHING = frozenset({Intent.THANKS, Intent.TEMPLATES, *IDLE})
_BASES = {
    Basis.TOKEN: "是对我方回信的答复",
    Basis.NUMBER: "写明了受理编号",
    Basis.THREAD: "接着自己先前的来信写",
    Basis.NAME: "写明单位全称",
    Basis.SENDER: "由该件来信人或其同事寄来",
}


class SpokenMail:
    """One mail with what it says and whom it comes from."""

    def __init__(self, reading: MailReading, lookups: Lookups, call: Call) -> None:
        self.reading = reading
        self.lookups = lookups
        self.call = call
        self.address = reading.sender.address
        self.trusted = reading.authentication.verdict is not AuthVerdict.FAIL
        self.never = (call.issuer, *call.issuer_aliases)
        ids = (*reading.in_reply_to, *reading.references)
        self.letter = lookups.by_letters(ids)
        self.threads = lookups.by_threads(ids)
        self.own = lookups.by_sender(self.address) if self.trusted else ()
        self.recommender = lookups.listed_recommender(self.address)
        self.said = f"{reading.subject}\n{reading.text}"
        self.passed_on = "\n".join(reading.forwarded)

    def brings_materials(self, leaves: Sequence[ReadLeaf]) -> bool:
        """Whether the mail hands something in: a paper, a picture, a file we cannot open, or a link to some."""
        papers = {Role.FORM, Role.REPORT}
        if any(leaf.role in papers for leaf in leaves):
            return True
        if self.reading.intent is Intent.MATERIALS:
            return bool(leaves or self.reading.links)
        wanted = self.reading.intent not in {Intent.ADVERT, Intent.IRRELEVANT, Intent.TEMPLATES, Intent.WITHDRAWAL}
        tied = self.letter is not None or self.numbered() is not None
        return bool(leaves) and (tied or (wanted and any(leaf.role is Role.PHOTO for leaf in leaves)))

    @cached_property
    def sender(self) -> Sender:
        """What is known of whoever wrote, and of where the mail lay."""
        known = bool(self.own or self.letter or self.threads or self.recommender or self.colleagues) or (
            self.trusted and self.lookups.written_to(self.address)
        )
        return Sender(
            known=known or self.numbered() is not None or (self.trusted and self._remembered()),
            firm=bool(self._named_in_words() or self._listed_in_words()),
            any_firm=bool(find_companies("\n".join((self.said, self.passed_on, *self._paths())))),
            junk=self.lookups.lay_in_junk(),
            kept=self.lookups.taken_back(),
            desk_before=self.lookups.desk_before(self.address),
        )

    @cached_property
    def colleagues(self) -> tuple[KnownSubmission, ...]:
        """The submissions of those who write from the sender's own mail domain."""
        domain = domain_of(self.address)
        return self.lookups.by_domain(domain) if self.trusted and domain else ()

    def of_notice(self, notice: Notice) -> Attribution:
        """Place a program's own message: beside the submission whose letter it answers, where it answers one."""
        kind, reason = of_notice(self.reading, notice, self.sender)
        known = self.letter or (self.own[0] if len(self.own) == 1 else None)
        if kind != MessageKind.INQUIRY or known is None:
            return Attribution(kind, reason)
        return Attribution(kind, reason, (self._about(known, Basis.TOKEN if self.letter else Basis.SENDER, reason),))

    def without_files(self) -> Attribution:
        """Place a mail that brings nothing: beside the submissions that it speaks of, where these can be told."""
        intent = self.reading.intent
        kind = MessageKind.IRRELEVANT if intent in IDLE else MessageKind.INQUIRY
        concerned = self._concerned()
        if concerned or self.sender.known or self.sender.kept:
            kind = MessageKind.INQUIRY
        if not concerned:
            return Attribution(kind, self.reading.intent_reason or "没有申报材料。")
        words = "；".join(f"{_BASES[basis]}，与 {known.number} 有关" for known, basis in concerned if basis in _BASES)
        reason = f"{(self.reading.intent_reason or '没有申报材料。').rstrip('。')}；{words}。"
        return Attribution(kind, reason, tuple(self._about(known, basis, reason) for known, basis in concerned))

    def _about(self, known: KnownSubmission, basis: Basis, reason: str) -> Placement:
        """Tie a mail without files to a submission: a stranger's words wait beside it and make him nobody's sender."""
        own = self.knows(known) or self.colleague(known) or self.letter is known or self.recommends(known)
        relation = Relation.CONCERNS if own else Relation.PENDING
        return Placement((), relation, basis, reason, 0.95, known.id, known.number, applicant=known.applicant)

    def _concerned(self) -> list[tuple[KnownSubmission, Basis]]:
        """Return the submissions that the mail speaks of, each with the reason to think so."""
        if self.letter is not None and not self.speaks_for_others():
            return [(self.letter, Basis.TOKEN)]
        named = {known.id: known for known in (*self._numbered_all(), *self._named_in_words())}
        if named:
            return [(known, Basis.NUMBER if known in self._numbered_all() else Basis.NAME) for known in named.values()]
        if self.letter is not None:
            return [(self.letter, Basis.TOKEN)]
        fitting = [known for known in self.threads if self.knows(known)]
        if len(fitting) == 1:
            return [(fitting[0], Basis.THREAD)]
        return [] if self.reading.intent in _SAYS_NOTHING else self._of_sender()

    def _of_sender(self) -> list[tuple[KnownSubmission, Basis]]:
        """Return the sender's own submissions that the mail may speak of, else a colleague's only one."""
        called = [known for known in self.own if mention(self.said, known.applicant) >= _CALLED]
        if called or len(self.own) == 1 or (self.own and self.reading.intent in _OF_ALL):
            return [(known, Basis.SENDER) for known in called or self.own]
        if not self.own and len(self.colleagues) == 1:
            return [(self.colleagues[0], Basis.SENDER)]
        return [(known, Basis.NAME) for known in self.lookups.mentioned(self.said)] if not self.own else []

    def _numbered_all(self) -> list[KnownSubmission]:
        found = (self.lookups.by_number(number) for number in self.numbers())
        return [known for known in found if known is not None and (self.knows(known) or self.colleague(known))]

    def _named_in_words(self) -> list[KnownSubmission]:
        """Return the submissions of the firms that the mail calls by their full names."""
        found: dict[int, KnownSubmission] = {}
        for name in find_companies(f"{self.said}\n{self.reading.signature}")[:_MOST_NAMES]:
            certain = [known for known, kind in self.lookups.by_name(name) if kind is Sameness.CERTAIN]
            found |= {known.id: known for known in certain}
        return list(found.values())

    def _listed_in_words(self) -> bool:
        names = find_companies(f"{self.said}\n{self.reading.signature}\n{self.passed_on}")[:_MOST_NAMES]
        return any(self.lookups.listed_name(name, "") for name in names)

    def _paths(self) -> list[str]:
        return [leaf.leaf.path for leaf in self.reading.leaves]

    def _remembered(self) -> bool:
        return self.lookups.remembered(self.address) is not None

    def numbered(self) -> KnownSubmission | None:
        """Return the submission whose number stands in subject or text, where exactly one does.

        A forwarded mail is asked only where the sender's own words give no number.
        """
        found = {known.id: known for number in self.numbers() if (known := self.lookups.by_number(number))}
        return next(iter(found.values())) if len(found) == 1 else None

    def numbers(self) -> tuple[str, ...]:
        """Return the 受理编号 in subject and new text, else in forwarded mails, however people write them.

        AL2026－42 and al2026 0042 are the same.
        """
        return self._numbers_in(self.said) or self._numbers_in(self.passed_on)

    def _numbers_in(self, text: str) -> tuple[str, ...]:
        plain = unicodedata.normalize("NFKC", text).upper()
        pattern = rf"(?<![0-9A-Z]){re.escape(self.call.number_prefix.upper())}\s*[-—–_ ]?\s*(\d{{1,6}})(?!\d)"
        return tuple(dict.fromkeys(self.call.number(int(digits)) for digits in re.findall(pattern, plain)))

    def said_code(self) -> str:
        """Return the credit code that stands in the mail's own words or in forwarded ones, where exactly one does."""
        codes = find_credit_codes(f"{self.said}\n{self.reading.signature}\n{self.passed_on}")
        return codes[0] if len(codes) == 1 else ""

    def knows(self, known: KnownSubmission) -> bool:
        """Whether the sender is one of the submission's own."""
        return self.trusted and bool(self.address) and self.address in known.senders

    def colleague(self, known: KnownSubmission) -> bool:
        """Whether the sender writes from the mail domain of the organisation that sent before."""
        return self.trusted and domain_of(self.address) in known.domains - {""}

    def speaks_for_others(self) -> bool:
        """Whether the sender is a recommender: listed, or calling itself one."""
        if self.recommender or len({known.applicant_id for known in self.own}) > 1:
            return True
        lines = [self.reading.sender.name, *self.reading.signature.splitlines()]
        return any(is_body(line.strip()) for line in lines if line.strip())

    def recommends(self, known: KnownSubmission) -> bool:
        """Whether the sender is, by the lists, the recommender that the submission names."""
        return bool(self.recommender and known.recommender) and same_firm(self.recommender, known.recommender)
