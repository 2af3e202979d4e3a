"""Which applicant do the files of a mail belong to (归属)? A pure decision, with its reason in one Chinese sentence.

In this order: the answer to a letter of ours; a 受理编号 together with the sender; the thread of an earlier mail of the
same sender; credit code or full name in the files; what staff remembered; the sender's one open submission; else a
new submission, or a question to staff. A stranger's file waits for staff and never replaces anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from config.call import Call
from flows.attribution.fates import set_aside
from flows.attribution.placement import (
    Attribution,
    Hint,
    Lookups,
    Named,
    Placement,
    asked_about,
    likeness,
    opened_for,
    pending_in,
    same_firm,
)
from flows.attribution.split_mail import Bundle, Group, split
from flows.attribution.spoken import SpokenMail
from parsers.facts.leaf import Role
from parsers.facts.mails import Intent, MailReading
from parsers.names.company import Sameness, mention, names_a_body
from store.dossier.known_submission import KnownSubmission
from store.states import Basis, MessageKind, Relation, SuggestionKind

_REPLACES = re.compile(
    r"更正|更新|替换|修改|修订|重新|重发|以此为准|以本次为准|补正|补充|完善|最终版|定稿|新版|补盖|补章|退回"
)
_ANOTHER = re.compile(
    r"另一(?:个|件|篇|份)?案例|第二(?:个|件|篇|份)案例|另外一(?:个|篇|件)案例|再(?:申报|报送|报)一(?:个|篇|件)|另报|两个案例"
)

_TITLES_APART = 40
"""Likeness of two titles, of 100, below which a report tells of another case of the same firm."""


def attribute(reading: MailReading, lookups: Lookups, call: Call) -> Attribution:
    """Decide where each file of a mail belongs."""
    if reading.bounce is not None or reading.intent is Intent.BOUNCE:
        return Attribution(MessageKind.BOUNCE, "退信，不是来件。")
    mail = _Mail(reading, lookups, call)
    if reading.notice is not None:
        return mail.of_notice(reading.notice)
    bundle = split(reading, mail.never)
    files = [leaf for group in bundle.groups for leaf in group.leaves]
    aside = set_aside(reading, files, mail.sender, call)
    if aside:
        return Attribution(MessageKind.ASIDE, aside)
    if not mail.brings_materials(files):
        return mail.without_files()
    placements = [mail.place(group, bundle) for group in bundle.groups]
    placements = _one_place_each(placements, bundle)
    opened = any(placement.opens for placement in placements)
    kind = MessageKind.SUBMISSION if opened or all(p.submission is None for p in placements) else MessageKind.SUPPLEMENT
    left = f"一封来信含{len(bundle.groups)}家企业的材料，这些文件看不出属于哪一家。" if bundle.leftovers else ""
    return Attribution(kind, _sentence(placements, bundle), tuple(placements), bundle.leftovers, left)


def _one_place_each(placements: list[Placement], bundle: Bundle) -> list[Placement]:
    """Join groups that turned out to belong to one submission, so that a mail is tied to it once."""
    joined: dict[tuple[int | None, Relation | None, str], Placement] = {}
    for number, placement in enumerate(placements):
        new = placement.submission is None
        key = (placement.submission, placement.relation, str(number) if new else "")
        if key in joined:
            first = joined[key]
            joined[key] = replace(first, files=(*first.files, *placement.files))
        else:
            joined[key] = replace(placement, relation=Relation.BUNDLE) if _in_bundle(placement, bundle) else placement
    return list(joined.values())


def _in_bundle(placement: Placement, bundle: Bundle) -> bool:
    return bundle.several and placement.relation in {Relation.OPENS, Relation.SUPPLEMENTS}


def _sentence(placements: Sequence[Placement], bundle: Bundle) -> str:
    if not bundle.several:
        return placements[0].reason
    names = "、".join(placement.applicant or "（单位未知）" for placement in placements)
    return f"一封来信含{len(placements)}家企业的材料：{names}。"


class _Mail(SpokenMail):
    """One mail with what the placing of its files needs again and again."""

    def place(self, group: Group, bundle: Bundle) -> Placement:
        """Decide for one firm's files."""
        named = Named.of(group, self.lookups)
        placement = (
            self._by_letter(group, named)
            or self._by_number(group, named)
            or self._by_thread(group, named)
            or self._by_name(group, named, several=bundle.several)
            or self._by_memory(group, named)
            or self._by_sender(group, named, alone=not bundle.several)
            or self._new(group, named)
        )
        return replace(
            placement, recommender=self._recommended_by(group), folder=group.folder if bundle.several else ""
        )

    def _by_letter(self, group: Group, named: Named) -> Placement | None:
        known = self.letter
        if known is None or named.speaks_against(known):
            return None
        reason = f"这是对我方回信的答复，该信属于 {known.number}。"
        return self._supplement(group, named, known, Basis.TOKEN, reason, 0.99)

    def _by_number(self, group: Group, named: Named) -> Placement | None:
        known = self.numbered()
        if known is None or named.speaks_against(known):
            return None
        if self.knows(known) or (self.colleague(known) and named.agrees(known)):
            reason = f"邮件写明 {known.number}，且由该件原发件人寄来。"
            return self._supplement(group, named, known, Basis.NUMBER, reason, 0.98)
        reason = f"邮件写明 {known.number}，但 {self.address} 不是该件原来的发件人，待经办确认。"
        return pending_in(group, named, known, Basis.NUMBER, reason)

    def _by_thread(self, group: Group, named: Named) -> Placement | None:
        fitting = [known for known in self.threads if self.knows(known) and not named.speaks_against(known)]
        if len(fitting) != 1:
            return None
        known = fitting[0]
        reason = f"同一发件人在自己先前的来信上续发，该信属于 {known.number}。"
        return self._supplement(group, named, known, Basis.THREAD, reason, 0.97)

    def _by_name(self, group: Group, named: Named, *, several: bool) -> Placement | None:
        # A code in the mail's words is context, as a name there is: it finds a submission and never opens one.
        code = named.code or ("" if named.strong or several else self.said_code())
        if not named.name and not code:
            return None
        by_code = [(known, Sameness.CERTAIN) for known in self.lookups.by_credit_code(code)]
        matches = by_code or ([*self.lookups.by_name(named.name)] if named.strong or named.name else [])
        certain = [known for known, kind in matches if kind is Sameness.CERTAIN]
        basis = Basis.CODE if by_code else Basis.NAME
        if certain:
            return self._of_same_firm(group, named, certain, basis)
        likely = [known for known, _ in matches]
        if not likely:
            return None
        return self._of_like_name(group, named, likely) if named.strong else None

    def _of_same_firm(
        self, group: Group, named: Named, certain: Sequence[KnownSubmission], basis: Basis
    ) -> Placement | None:
        """Place files whose firm stands in the register already."""
        known = _by_title(certain, named) if len(certain) > 1 else certain[0]
        what = "单位全称" if basis == Basis.NAME else "统一社会信用代码" if named.code else "来信所写的统一社会信用代码"
        if known is None:
            numbers = "、".join(one.number for one in certain)
            reason = f"“{named.name or certain[0].applicant}”已有 {numbers} 多件申报，看不出补的是哪一件。"
            return asked_about(
                group, named, Hint(SuggestionKind.MAYBE, reason, certain[0].id, certain[0].number, 0.5), basis
            )
        if not named.strong and self.own and not (self.knows(known) or self.colleague(known)):
            # A name in passing says less than that the sender has a submission of its own.
            return None
        if self.knows(known) or self.colleague(known) or self.recommends(known):
            if self._is_second_case(group, named, known):
                return self._second_case(group, named, known)
            reason = f"{what}与 {known.number} 相同（{named.reason}），且由该件原发件人或其同事、推荐单位寄来。"
            return self._supplement(group, named, known, basis, reason, 0.97)
        reason = f"{what}与 {known.number} 相同，但 {self.address} 从未就该件来过信，待经办确认。"
        other = self._recommended_by(group)
        if other and known.recommender and not same_firm(other, known.recommender):
            reason = f"{reason.rstrip('。')}；推荐单位写“{other}”，该件原为“{known.recommender}”。"
        return pending_in(group, named, known, basis, reason)

    def _of_like_name(self, group: Group, named: Named, likely: Sequence[KnownSubmission]) -> Placement | None:
        """Place files whose firm has nearly the name of one in the register."""
        own = [known for known in likely if self.knows(known)]
        if len(own) == 1 and not self.speaks_for_others():
            known = own[0]
            reason = f"单位名称与 {known.number} 的“{known.applicant}”仅有细微差别（{named.reason}），且发件人相同。"
            return self._supplement(group, named, known, Basis.NAME, reason, 0.93)
        known = likely[0]
        reason = f"可能属于 {known.number}：“{named.name}”与“{known.applicant}”名称相近，发件人不同，请核对。"
        opened = opened_for(group, named, Basis.NEW, reason, 0.5)
        return replace(opened, certain=False, hint=Hint(SuggestionKind.MAYBE, reason, known.id, known.number, 0.5))

    def _by_memory(self, group: Group, named: Named) -> Placement | None:
        """Follow what staff remembered of this sender, unless the files name another firm."""
        memory = self.lookups.remembered(self.address) if self.trusted else None
        if memory is None or (named.strong and not same_firm(named.name, memory.name)):
            return None
        found = [known for known, kind in self.lookups.by_name(memory.name) if kind is Sameness.CERTAIN]
        what = "域名" if memory.kind == "domain" else "发件地址"
        reason = f"经办记下的归属规则：这个{what}属于“{memory.name}”。"
        if len(found) == 1:
            return self._supplement(group, named, found[0], Basis.ALIAS, reason, 0.97)
        if found:
            return None
        of_memory = replace(named, name=memory.name, code=memory.credit_code or named.code, certain=True)
        return opened_for(group, of_memory, Basis.ALIAS, reason, 0.97)

    def _by_sender(self, group: Group, named: Named, *, alone: bool) -> Placement | None:
        """Place files that name nobody, or of a sender whose first mail named nobody."""
        if named.strong:
            waiting = [known for known in self.own if not known.applicant]
            if alone and len(waiting) == 1 and len(self.own) == 1 and not self.speaks_for_others():
                reason = f"同一发件人先前寄来、尚不知单位的 {waiting[0].number}，现由本信得知单位（{named.reason}）。"
                return self._supplement(group, named, waiting[0], Basis.JOINED, reason, 0.95)
            return None
        if len(self.own) == 1 and not self.speaks_for_others():
            known = self.own[0]
            reason = f"文件未写明单位；该发件人名下只有 {known.number} 一件。"
            return self._supplement(group, named, known, Basis.SENDER, reason, 0.92)
        return self._among_several(group, named)

    def _among_several(self, group: Group, named: Named) -> Placement | None:
        """Choose among a sender's submissions by what the mail calls them; else ask."""
        if not self.own and not self.recommender:
            return self._unsaid(group, named)
        text = "\n".join(
            (self.said, self.passed_on, *(leaf.leaf.path for leaf in group.leaves if leaf.role is not Role.PHOTO))
        )
        scored = sorted(((mention(text, known.applicant), known.id, known) for known in self.own), reverse=True)
        called = [one for one in scored if one[0] >= 0.5]
        if called and called[0][0] >= 0.7 and (len(called) == 1):
            known = called[0][2]
            reason = f"来信提到“{known.applicant}”的简称，且由 {known.number} 的原发件人寄来。"
            return self._supplement(group, named, known, Basis.NAME, reason, 0.93)
        guess = called[0][2] if called else None
        numbers = "、".join(known.number for known in self.own)
        whose = f"该发件人名下有 {numbers}" if numbers else f"推荐单位“{self.recommender}”来信"
        reason = f"文件未写明单位，{whose}，看不出属于哪一家。"
        if guess:
            reason += f"可能属于 {guess.number}（{guess.applicant}）。"
        hint = Hint(
            SuggestionKind.MAYBE,
            reason,
            guess.id if guess else None,
            guess.number if guess else "",
            0.6 if guess else 0.0,
        )
        return asked_about(group, named, hint, Basis.SENDER)

    def _unsaid(self, group: Group, named: Named) -> Placement | None:
        """Place files of an unknown sender that name nobody, by the files themselves."""
        if len(self.colleagues) == 1 and not self.speaks_for_others() and not self.colleagues[0].withdrawn:
            known = self.colleagues[0]
            reason = f"文件未写明单位；发件人与 {known.number} 的来信人同属一个单位的邮箱域名。"
            return self._supplement(group, named, known, Basis.SENDER, reason, 0.9)
        # An empty or refused file and a logo are anybody's: equal bytes of these tie nobody.
        telling = [leaf.leaf for leaf in group.leaves if leaf.role not in {Role.NOISE, Role.UNREADABLE}]
        holders = self.lookups.by_files(leaf.sha256 for leaf in telling if leaf.size)
        if len(holders) == 1:
            reason = f"其中的文件与 {holders[0].number} 已收到的完全相同，但发件人不同，待经办确认。"
            return pending_in(group, named, holders[0], Basis.FILES, reason)
        return None

    def _new(self, group: Group, named: Named) -> Placement:
        if not named.name and self.speaks_for_others():
            reason = f"推荐单位或代报人来信，文件未写明单位（{named.reason}），无从立件。"
            return asked_about(group, named, Hint(SuggestionKind.MAYBE, reason), Basis.SENDER)
        if not named.name:
            return replace(
                opened_for(group, named, Basis.UNNAMED, f"新发件人的新申报；{named.reason}。", 0.9), certain=False
            )
        reason = f"台账中尚无“{named.name}”的申报，新立一件（{named.reason}）"
        return opened_for(group, named, Basis.NEW, reason.rstrip("。") + "。", named.confidence)

    def _supplement(
        self, group: Group, named: Named, known: KnownSubmission, basis: Basis, reason: str, confidence: float
    ) -> Placement:
        if not self.trusted:
            return pending_in(group, named, known, basis, f"{reason}但收件服务器不认可发件域名，待经办确认。")
        hint = None
        if known.withdrawn:
            words = f"{known.number} 已撤回，又收到其材料，请问明是否恢复申报。"
            hint = Hint(SuggestionKind.MAYBE, words, known.id, known.number, confidence)
        return Placement(
            hint=hint,
            files=group.positions,
            relation=Relation.SUPPLEMENTS,
            basis=basis,
            reason=reason,
            confidence=confidence,
            submission=known.id,
            number=known.number,
            applicant=named.name or known.applicant,
            credit_code=named.code,
            certain=named.certain,
        )

    def _recommended_by(self, group: Group) -> str:
        """Return the recommender: as the form says, else the body that sent the mail."""
        for leaf in group.leaves:
            form = leaf.look.scan.form if leaf.look and leaf.look.scan else None
            if form and names_a_body(form.recommender.value):
                return form.recommender.value
        return self.recommender

    def _is_second_case(self, group: Group, named: Named, known: KnownSubmission) -> bool:
        """Whether this is another case of the same firm, not another version: papers of quite another title."""
        if _ANOTHER.search(self.said):
            return bool(named.titles)
        if not named.titles or not known.case_titles or _REPLACES.search(self.said):
            return False
        papers = {leaf.role for leaf in group.leaves}
        return Role.REPORT in papers and likeness(named.titles, known.case_titles) < _TITLES_APART

    def _second_case(self, group: Group, named: Named, known: KnownSubmission) -> Placement:
        title = named.titles[0]
        reason = (
            f"“{named.name}”已有 {known.number}（{known.case_titles[0] if known.case_titles else '案例名称未读到'}），"
        )
        reason += f"本信的案例题为“{title}”，作为第二件另立。"
        placement = replace(opened_for(group, named, Basis.NAME, reason, 0.8), second_case_of=known.number)
        if self.call.policy("second_case") == "accept":
            return placement
        return replace(placement, hint=Hint(SuggestionKind.SECOND_CASE, reason, known.id, known.number, 0.8))


def _by_title(certain: Sequence[KnownSubmission], named: Named) -> KnownSubmission | None:
    """Choose among several cases of one firm by title; None where the titles do not decide."""
    live = [known for known in certain if not known.withdrawn] or list(certain)
    if len(live) == 1:
        return live[0]
    scored = sorted(((likeness(named.titles, known.case_titles), -known.id, known) for known in live), reverse=True)
    if not named.titles or scored[0][0] < 60 or scored[0][0] - scored[1][0] < 20:
        return None
    return scored[0][2]
