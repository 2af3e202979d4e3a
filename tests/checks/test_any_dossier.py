"""Whatever was read, the rules answer: none fails by our fault, and none says to the applicant what it may not."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.call import Verdict
from flows.checks.run import run_rules
from parsers.facts.leaf import Role
from parsers.facts.looks import FormFacts, FormField, Look, PictureFacts, ReportFacts, ScanFacts, Seal
from parsers.facts.mails import CloudLink
from parsers.facts.problem import Problem
from store.dossier.dossier import Dossier, FiledFile, Lists, MailSeen, NameClaim, PaperReceipt
from store.states import VersionState
from tests.checks.dossiers import APPLICANT, ZONE, cases_2026, key_sme_2025

WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([APPLICANT, "××公司", "自荐", "2026-05-08", "2026-02-30", "照片说明", "材料.zip/推荐表.pdf"]),
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(ZONE))  # noqa: DTZ001 - hypothesis adds the zone
# Fields that have a default are drawn only where they are named; ``...`` draws one by its type.
FIELDS = st.builds(FormField, value=WORDS, certain=...)
FORMS = st.builds(FormFacts, kind=..., case_title=FIELDS, applicant=FIELDS, recommender=FIELDS, submitted_on=FIELDS)
SEALS = st.builds(Seal, text=WORDS, confidence=..., strength=..., serial=...)
LOOKS = st.builds(
    Look,
    scan=st.none()
    | st.builds(
        ScanFacts,
        clean=...,
        colour=...,
        signatures=...,
        form=st.none() | FORMS,
        seals=st.lists(SEALS, max_size=2).map(tuple),
    ),
    report=st.none()
    | st.builds(
        ReportFacts, title=WORDS, parts=..., figures=..., sensitive=..., images_only=..., readable=..., names=...
    ),
    picture=st.none() | st.builds(PictureFacts, sharpness=..., phash=..., looks_like=...),
)
FILES = st.builds(
    FiledFile,
    material=st.sampled_from(["form", "report", "photos", "evidence", ""]),
    role=st.sampled_from(Role),
    name=WORDS,
    path=WORDS,
    sha256=st.sampled_from(["a" * 64, "b" * 64, "c" * 64]),
    type=st.sampled_from(["pdf", "docx", "doc", "wps", "jpeg", "zip", "rar", "video", "unknown", ""]),
    received=MOMENTS,
    state=st.sampled_from(VersionState),
    look=st.none() | LOOKS,
    caption=...,
    problems=st.lists(st.builds(Problem, cure=..., weight=...), max_size=2).map(tuple),
)
DOSSIERS = st.builds(
    Dossier,
    applicant=WORDS,
    recommender=WORDS,
    credit_code=st.sampled_from(["", "9", "91330100MA27XYZ12A", "91310115MA1K4XYZ18"]),
    names=st.lists(st.builds(NameClaim), max_size=3).map(tuple),
    first_received=MOMENTS,
    last_received=MOMENTS,
    mails=st.lists(st.builds(MailSeen, text=WORDS, received=MOMENTS), max_size=2).map(tuple),
    files=st.lists(FILES, max_size=6).map(tuple),
    links=st.lists(st.builds(CloudLink, name=WORDS, expires=st.none() | MOMENTS), max_size=2).map(tuple),
    lists=st.builds(Lists, titles=..., titles_as_of=..., membership=..., members_as_of=..., recommender=...),
    paper=st.lists(st.builds(PaperReceipt, sealed=...), max_size=2).map(tuple),
    rulings=st.just(()),
    second_case_of=...,
    late_accepted=...,
    extended_to=st.none() | MOMENTS,
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOSSIERS)
def test_every_rule_answers_any_dossier_within_its_bounds(dossier: Dossier) -> None:
    for call in (cases_2026(), key_sme_2025()):
        findings = run_rules(dossier, call)

        assert run_rules(dossier, call) == findings
        assert list(dict.fromkeys(f.code for f in findings)) == list(call.rules)
        for finding in findings:
            assert "规则自身出错" not in finding.message
            assert finding.message
            assert bool(finding.defect) == bool(finding.cure)
            assert not finding.defect or finding.verdict in {Verdict.MISSING, Verdict.HINT}
            assert finding.verdict is not Verdict.MISSING or finding.defect
            assert finding.verdict is not Verdict.MISSING or call.rules[finding.code].worst is Verdict.MISSING
