"""一次性告知 with the real rules: every combination of good and bad papers, twice, in two orders, through supplements.

A rule that hides behind another one would break the promise: its defect would come to light only in the second letter.
"""

import itertools
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from flows.checks.run import run_rules
from flows.replies.compose import compose
from flows.replies.decide import Action, Situation, decide
from flows.replies.letter import LetterKind
from flows.replies.state import ToldLetter, missing, state_key
from parsers.facts.leaf import Role
from parsers.facts.looks import PictureFacts, WordCounts
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Finding
from tests.checks.dossiers import (
    RECEIVED,
    cases_2026,
    complete_dossier,
    field,
    filed,
    form,
    form_file,
    mail,
    photo,
    picture,
    report,
    report_file,
    scan,
)
from tests.replies.test_decide import arrival

pytestmark = pytest.mark.slow

CALL = cases_2026()
Files = tuple[FiledFile, ...]

FORMS: dict[str, Files] = {
    "good": (form_file(),),
    "no-seal": (form_file(scan(seals=())),),
    "blank-date": (form_file(scan(form=form(submitted_on=field()))),),
    "no-seal-and-blank": (form_file(scan(seals=(), form=form(case_title=field(), submitted_on=field()))),),
    "word": (form_file(name="推荐表.docx", path="推荐表.docx", type="docx"),),
    "absent": (),
}
REPORTS: dict[str, Files] = {
    "good": (report_file(),),
    "pdf": (report_file(name="案例报告.pdf", path="案例报告.pdf", type="pdf"),),
    "short-untitled": (report_file(report(counts=WordCounts(body=5000), title="")),),
    "absent": (),
}
PHOTOS: dict[str, Files] = {
    "good": (photo(1), photo(2)),
    "one": (photo(1),),
    "no-caption": (photo(1), photo(2, caption="", caption_from="")),
    "one-without-caption": (photo(1, caption="", caption_from=""),),
    "small": (photo(1), photo(2, PictureFacts(300, 200, 5.0, picture(2).phash))),
    "absent": (),
}
EXTRAS: dict[str, Files] = {
    "none": (),
    "locked": (filed("补充.rar", role=Role.UNREADABLE, type="rar", sha256="9" * 64),),
}
ALL = list(itertools.product(FORMS, REPORTS, PHOTOS, EXTRAS))


def dossier_of(names: tuple[str, str, str, str]) -> Dossier:
    one, two, three, four = names
    return complete_dossier(files=(*FORMS[one], *REPORTS[two], *PHOTOS[three], *EXTRAS[four]))


@cache
def found(names: tuple[str, str, str, str]) -> tuple[Finding, ...]:
    return run_rules(dossier_of(names), CALL)


def defects(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.code, finding.item) for finding in missing(findings)}


@cache
def told(names: tuple[str, str, str, str]) -> ToldLetter:
    decision = decide(Situation(CALL, RECEIVED, arrival(), dossier_of(names), found(names)))
    planned = decision.letters[0]
    letter = compose(planned.kind, dossier_of(names), found(names), CALL, RECEIVED)
    return ToldLetter(1, planned.kind, "sent", planned.state_key, planned.to.address, RECEIVED, letter.said)


def test_the_combinations_hold_good_and_bad_ones() -> None:
    counts = [len(defects(found(names))) for names in ALL]
    assert len(ALL) == 288
    assert (min(counts), counts.count(0) > 0, max(counts) >= 3) == (0, True, True)


def test_examining_the_same_files_twice_finds_the_same() -> None:
    for names in ALL:
        assert run_rules(dossier_of(names), CALL) == found(names), names


def test_the_order_in_which_files_came_changes_no_finding_and_no_state() -> None:
    for names in ALL:
        dossier = dossier_of(names)
        turned = replace(dossier, files=tuple(reversed(dossier.files)))
        again = run_rules(turned, CALL)
        assert {(f.code, f.item, f.verdict) for f in again} == {(f.code, f.item, f.verdict) for f in found(names)}, (
            names
        )
        assert state_key(turned, again) == state_key(dossier, found(names)), names


def test_sending_the_same_files_again_brings_no_letter() -> None:
    for names in ALL:
        dossier = replace(dossier_of(names), mails=(mail(), mail(sha256="e" * 64, subject="再发一次")))
        situation = Situation(
            CALL, RECEIVED + timedelta(hours=3), arrival(sha256="e" * 64), dossier, found(names), (told(names),)
        )
        decision = decide(situation)
        assert (decision.action, decision.letters) == (Action.SILENT, ()), names


@pytest.mark.parametrize("place", [0, 1, 2], ids=["form", "report", "photos"])
def test_mending_one_material_brings_no_defect_to_light_that_was_not_told(place: int) -> None:
    for names in ALL:
        mended = (*names[:place], "good", *names[place + 1 :])
        assert len(mended) == 4
        new = defects(found(mended)) - defects(found(names))  # type: ignore[arg-type]
        assert new == set(), (names, new)


def test_mending_everything_ends_with_one_letter_that_says_so() -> None:
    whole = ("good", "good", "good", "none")
    for names in ALL:
        if not defects(found(names)):
            continue
        situation = Situation(CALL, RECEIVED, arrival(), dossier_of(whole), found(whole), (told(names),))
        assert [letter.kind for letter in decide(situation).letters] == [LetterKind.COMPLETED], names
