"""What letters promise whatever the rules find: properties over random sets of findings, files and orders."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.call import Verdict
from flows.replies.compose import compose
from flows.replies.decide import Action, Situation, decide
from flows.replies.letter import LetterKind
from flows.replies.mime import to_bytes
from flows.replies.safe_text import safe
from flows.replies.state import ASKING_KINDS, ToldLetter, state_key
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import cases_2026, complete_dossier, mail
from tests.replies.situations import NOW
from tests.replies.test_decide import arrival
from tests.replies.test_goldens import bare, seen

CALL = cases_2026()
CODES = [code for code in CALL.rules if code not in ("S01", "N01")]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.text(alphabet="企业推荐表照片报告盖章字数来源名称年月日第页ABC019-_（）", min_size=1, max_size=30)
VERDICTS = st.sampled_from([Verdict.MISSING, Verdict.HINT, Verdict.DOUBT, Verdict.PASS, Verdict.NOT_APPLICABLE])


@st.composite
def findings(draw: st.DrawFn) -> tuple[Finding, ...]:
    """Findings with words of their own, so that each can be found, or missed, in a letter."""
    found = []
    for number, code in enumerate(draw(st.lists(st.sampled_from(CODES), max_size=12))):
        verdict = draw(VERDICTS)
        blames = verdict in (Verdict.MISSING, Verdict.HINT)
        mark = f"{draw(WORDS)}甲{number}乙"
        file = f"{draw(WORDS)}丙{number}丁.pdf"
        found.append(
            Finding(
                code,
                verdict,
                f"经办看的话{mark}",
                f"缺陷{mark}" if blames else "",
                f"办法{mark}" if blames else "",
                item=str(number),
                evidence=(Evidence(file, file, place=f"第{number}页"),),
            )
        )
    return tuple(found)


def letter_text(kind: LetterKind, found: tuple[Finding, ...]) -> tuple[str, str]:
    letter = compose(kind, complete_dossier(), found, CALL, NOW)
    return bare(letter.text), bare(seen(letter.html))


@QUICK
@given(findings(), st.sampled_from(sorted(ASKING_KINDS)))
def test_every_defect_stands_once_with_clause_file_and_cure(found: tuple[Finding, ...], kind: LetterKind) -> None:
    for form in letter_text(kind, found):
        for finding in found:
            if finding.verdict is not Verdict.MISSING:
                continue
            assert form.count(bare(finding.defect)) == 1
            block = form[form.index(bare(finding.defect)) :]
            rule = CALL.rules[finding.code].clause
            wanted = (finding.cure, finding.evidence[0].file, rule.ref, rule.quote)
            places = [block.index(bare(words)) for words in wanted]
            assert places == sorted(places)


@QUICK
@given(findings(), st.sampled_from([*sorted(ASKING_KINDS), LetterKind.RECEIVED, LetterKind.RECEIVED_CHECKING]))
def test_no_doubt_and_nothing_that_passed_is_named(found: tuple[Finding, ...], kind: LetterKind) -> None:
    for form in letter_text(kind, found):
        for finding in found:
            assert bare(finding.message) not in form
            if finding.verdict not in (Verdict.MISSING, Verdict.HINT):
                assert bare(finding.evidence[0].file) not in form


@QUICK
@given(findings())
def test_nothing_stands_in_a_letter_without_a_finding(found: tuple[Finding, ...]) -> None:
    letter = compose(LetterKind.DEFICIENT, complete_dossier(), found, CALL, NOW)
    said = [f for f in found if f.verdict in (Verdict.MISSING, Verdict.HINT)]
    assert letter.text.count("补正方式：") == sum(f.verdict is Verdict.MISSING for f in said)
    assert letter.text.count("建议：") == sum(f.verdict is Verdict.HINT for f in said)
    assert [(told.code, told.item) for told in letter.said] == sorted(
        ((f.code, f.item) for f in said),
        key=lambda key: [(f.verdict is Verdict.HINT, n) for n, f in enumerate(found) if (f.code, f.item) == key],
    )
    assert ("由经办人员核对" in letter.text) == any(f.verdict is Verdict.DOUBT for f in found)
    count = re.search(r"尚有 (\d+) 项材料待补正", letter.text)
    assert count is not None
    assert int(count.group(1)) == sum(f.verdict is Verdict.MISSING for f in found)


@QUICK
@given(findings())
def test_a_first_receipt_names_no_defect_at_all(found: tuple[Finding, ...]) -> None:
    if not any(f.verdict is Verdict.MISSING for f in found):
        return
    letter = compose(LetterKind.RECEIVED_CHECKING, complete_dossier(), found, CALL, NOW)
    assert (letter.said, "补正方式" in letter.text, "缺陷" in letter.text) == ((), False, False)


@QUICK
@given(findings())
def test_plain_text_and_html_carry_the_same_facts(found: tuple[Finding, ...]) -> None:
    plain, html = letter_text(LetterKind.DEFICIENT, found)
    assert plain == html


@QUICK
@given(findings(), st.permutations(complete_dossier().files))
def test_the_order_of_mails_and_of_findings_changes_no_state(
    found: tuple[Finding, ...], files: list[FiledFile]
) -> None:
    shuffled = replace(complete_dossier(), files=tuple(replace(x, version=n) for n, x in enumerate(files)))
    assert state_key(shuffled, tuple(reversed(found))) == state_key(complete_dossier(), found)


@QUICK
@given(findings())
def test_the_same_files_examined_again_get_no_second_letter(found: tuple[Finding, ...]) -> None:
    first = decide(Situation(CALL, NOW, arrival(), complete_dossier(), found))
    assert len(first.letters) == 1
    planned = first.letters[0]
    letter = compose(planned.kind, complete_dossier(), found, CALL, NOW)
    told = ToldLetter(1, planned.kind, "sent", planned.state_key, planned.to.address, NOW, letter.said)
    resent = replace(complete_dossier(), mails=(mail(), mail(sha256="f" * 64, subject="重发")))
    again = decide(Situation(CALL, NOW + timedelta(days=1), arrival(sha256="f" * 64), resent, found, (told,)))
    assert (again.action, again.letters) == (Action.SILENT, ())


@QUICK
@given(st.permutations(complete_dossier().files), st.permutations(complete_dossier().files))
def test_two_orders_of_arrival_give_the_same_letter(one: list[FiledFile], two: list[FiledFile]) -> None:
    def written(files: list[FiledFile]) -> tuple[str, str, str]:
        dossier: Dossier = replace(complete_dossier(), files=tuple(files))
        letter = compose(LetterKind.RECEIVED, dossier, (), CALL, NOW)
        return letter.subject, letter.text, letter.html

    assert written(one) == written(two)


@QUICK
@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_words_of_senders_add_no_header_line_or_tag(name: str, subject: str, file: str) -> None:
    plain = complete_dossier()
    first = replace(plain.files[0], name=file, path=file)
    dossier = replace(
        plain,
        applicant=name,
        mails=(mail(subject=subject, sender_name=name),),
        files=(first, *plain.files[1:]),
    )
    letter = compose(LetterKind.RECEIVED, dossier, (), CALL, NOW)
    quiet = compose(LetterKind.RECEIVED, replace(plain, applicant="甲", mails=(mail(subject="乙"),)), (), CALL, NOW)
    tags = [[tag for tag in re.findall(r"<\w+", page) if tag != "<span"] for page in (letter.html, quiet.html)]
    assert tags[0] == tags[1]
    assert set(re.findall(r"<span[^>]*>", letter.html)) <= {
        '<span style="color:#4b5560;">',
        '<span style="white-space:nowrap;">',
    }
    raw = to_bytes(
        letter, sender="a@example.com", sender_name="分会", message_id="<m@example.com>", date=NOW, instance_id="zj"
    )
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    names = [line.split(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert names == [
        *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"),
        *("X-Auto-Response-Suppress", "X-Zhengji-ID", "MIME-Version", "Content-Type"),
    ]


@QUICK
@given(st.text(max_size=400))
def test_safe_words_are_one_short_line_and_stay_as_they_are_when_made_safe_again(text: str) -> None:
    words = safe(text)
    assert len(words) <= 120
    assert "\n" not in words
    assert safe(words) == words
