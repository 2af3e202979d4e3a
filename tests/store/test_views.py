"""What is read out of the rows: dossier, register, findings, shelf, quotas."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from config.call import Verdict
from config.quota import pool_of
from flows.steps.lists.quotas import line_of, quota_ledger, two_routes
from parsers.facts.leaf import Role
from store.dossier.dossier import Limit, NameClaim, RecommenderStanding
from store.dossier.finding import Evidence, Finding, Ruling
from store.filing.build_dossier import load_dossier
from store.filing.findings import load_findings, load_rulings, replace_findings, rule, take_back_ruling
from store.filing.quotas import quota_uses
from store.filing.submissions import by_number, withdraw
from store.states import VersionState
from store.tables import SubmissionRow
from store.views.register_rows import register_values
from store.views.shelf import rebuild_shelf, safe_name
from tests.cases.telling import FIRST, READER, File, Mail, Teller, Telling, the_call

CALL = the_call()
FIRM = "浙江远衡精密机械有限公司"
BODY = "浙江省轴承工业协会"
FORM = File("材料.zip/推荐表.pdf", "form", FIRM, seal=FIRM, title="匠心", recommender=BODY, holds="form")
REPORT = File("材料.zip/报告.docx", "report", names=(FIRM,), title="匠心", holds="report")
PHOTO = File("车间.jpg", "photo", holds="photo")
MAIL = Mail("a@firm.example", (FORM, REPORT, PHOTO, File("logo.png", "noise")), name="王工", subject="申报")
FINDING = Finding(
    "F01", Verdict.PASS, "已交推荐表。", evidence=(Evidence("推荐表.pdf", "材料.zip/推荐表.pdf", "ab", "第1页"),)
)
DOUBT = Finding("F03", Verdict.DOUBT, "印章不清。")


def first(teller: Teller) -> int:
    with teller.store.reading() as session:
        row = by_number(session, "AL2026-0001")
        assert row is not None
        return row.id or 0


def test_the_dossier_holds_what_rules_look_at(teller: Teller) -> None:
    teller.tell(1, MAIL)
    with teller.store.reading() as session:
        dossier = load_dossier(session, CALL, first(teller), READER)
    assert (dossier.number, dossier.applicant, dossier.applicant_certain) == ("AL2026-0001", FIRM, True)
    assert [(file.material, file.role, file.name, file.state) for file in dossier.files] == [
        ("form", Role.FORM, "推荐表.pdf", VersionState.CURRENT),
        ("report", Role.REPORT, "报告.docx", VersionState.CURRENT),
        ("photos", Role.PHOTO, "车间.jpg", VersionState.CURRENT),
    ]
    assert dossier.form == FORM.read().look.scan.form  # type: ignore[union-attr]
    assert dossier.report == REPORT.read().look.report  # type: ignore[union-attr]
    assert dossier.names == (
        NameClaim(FIRM, "form", 0.95, "材料.zip/推荐表.pdf"),
        NameClaim(FIRM, "seal", pytest.approx(0.72), "材料.zip/推荐表.pdf"),  # type: ignore[arg-type]
        NameClaim(FIRM, "report", 0.85, "材料.zip/报告.docx"),
    )
    (mail,) = dossier.mails
    assert (mail.sender_address, mail.subject, mail.received, mail.on_time) == ("a@firm.example", "申报", FIRST, True)
    limit = Limit(BODY, at_most=3, at_least=2)
    assert dossier.lists.recommender == RecommenderStanding(
        BODY, "provincial", listed=False, region="", used=1, rank=1, limit=limit
    )
    with pytest.raises(KeyError), teller.store.reading() as session:
        load_dossier(session, CALL, 999, READER)


def test_the_register_has_exactly_the_designs_shape(teller: Teller) -> None:
    teller.tell(1, MAIL)
    with teller.store.transaction() as session:
        replace_findings(session, first(teller), [FINDING])
    with teller.store.reading() as session:
        values = register_values(session, CALL, FIRST + timedelta(hours=1))
    message = teller.hashes[1]

    def file(told: File) -> dict[str, object]:
        leaf = told.read().leaf
        return {"name": leaf.name, "path": leaf.path, "sha256": leaf.sha256, "message": message, "current": True}

    letters = values["submissions"][0].pop("letters")
    assert [(one["kind"], one["state"]) for one in letters] == [("received", "queued")]
    leaves = values["messages"][0].pop("leaves")
    assert [(one["path"], one["role"], one["problems"]) for one in leaves] == [
        ("材料.zip/推荐表.pdf", "form", []),
        ("材料.zip/报告.docx", "report", []),
        ("车间.jpg", "photo", []),
        ("logo.png", "noise", []),
    ]
    assert values == {
        "call": "cases-2026",
        "as_of": "2026-05-06T10:00:00+08:00",
        "submissions": [
            {
                "number": "AL2026-0001",
                "applicant": FIRM,
                "credit_code": None,
                "recommender": BODY,
                "status": "incomplete",
                "first_received": "2026-05-06T09:00:00+08:00",
                "last_received": "2026-05-06T09:00:00+08:00",
                "materials": {"form": [file(FORM)], "report": [file(REPORT)], "photos": [file(PHOTO)]},
                "findings": [
                    {
                        "code": "F01",
                        "verdict": "通过",
                        "message": "已交推荐表。",
                        "evidence": [
                            {
                                "file": "推荐表.pdf",
                                "path": "材料.zip/推荐表.pdf",
                                "sha256": "ab",
                                "place": "第1页",
                                "words": "",
                                "crop": "",
                            }
                        ],
                        "waits_for": [],
                        "asked": False,
                    }
                ],
                "facts": {
                    "form": {"case_title": "匠心", "applicant": FIRM, "recommender": BODY, "submitted_on": None},
                    "report": {"words": 8300, "parts": {}},
                },
            }
        ],
        "messages": [
            {
                "sha256": message,
                "message_id": "<mail-1@sender.example>",
                "from": "a@firm.example",
                "subject": "申报",
                "received": "2026-05-06T09:00:00+08:00",
                "kind": "submission",
                "intent": "materials",
                "folder": "",
                "junk": False,
                "reason": f"台账中尚无“{FIRM}”的申报，新立一件（推荐表、案例报告、公章写的是“{FIRM}”）。",
                "numbers": ["AL2026-0001"],
            }
        ],
    }


def test_findings_are_replaced_only_where_they_differ(teller: Teller) -> None:
    teller.tell(1, MAIL)
    with teller.store.transaction() as session:
        number = first(teller)
        assert replace_findings(session, number, [FINDING, DOUBT]) is True
        assert replace_findings(session, number, [FINDING, DOUBT]) is False
        assert load_findings(session, number) == (FINDING, DOUBT)
        assert replace_findings(session, number, [DOUBT]) is True
        assert load_findings(session, number) == (DOUBT,)


def test_a_ruling_stands_until_another_replaces_it_or_it_is_taken_back(teller: Teller) -> None:
    teller.tell(1, MAIL)
    one = Ruling("F03", "", Verdict.PASS, "见原件。", "小王", FIRST, "存疑")
    two = Ruling("F03", "", Verdict.MISSING, "再看确无。", "小李", FIRST, "存疑")
    with teller.store.transaction() as session:
        row = session.exec(select(SubmissionRow)).one()
        rule(session, row, one)
        rule(session, row, two)
        assert load_rulings(session, row.id or 0) == (two,)
        assert take_back_ruling(session, row, two) is True
        assert take_back_ruling(session, row, two) is False
        assert load_rulings(session, row.id or 0) == ()


def lay_out(teller: Teller, shelf: Path) -> tuple[Path | None, list[str]]:
    with teller.store.reading() as session:
        row = session.exec(select(SubmissionRow)).one()
        folder = rebuild_shelf(session, teller.store.blobs, shelf, CALL, row).folder
    return folder, sorted(path.relative_to(shelf).as_posix() for path in shelf.rglob("*") if path.is_file())


def test_the_shelf_shows_current_files_old_ones_and_those_that_wait(teller: Teller, tmp_path: Path) -> None:
    for told in ("form", "report", "photo", "better", "strange"):
        teller.store.blobs.put(told.encode())
    teller.tell(1, MAIL)
    folder, files = lay_out(teller, tmp_path / "案卷")
    assert folder == tmp_path / "案卷" / f"0001_{FIRM}"
    home = f"0001_{FIRM}"
    assert files == sorted(
        [
            f"{home}/01_推荐表/推荐表.pdf",
            f"{home}/02_案例报告/报告.docx",
            f"{home}/03_照片/车间.jpg",
            f"{home}/说明.txt",
        ]
    )
    teller.tell(
        2, Mail("a@firm.example", (File("../../推荐表.pdf", "form", FIRM, recommender=BODY, holds="better"),), after=9)
    )
    teller.tell(3, Mail("x@163.com", (File("推荐表.pdf", "form", FIRM, holds="strange"),), after=19))
    _, files = lay_out(teller, tmp_path / "案卷")
    assert files == sorted(
        [
            f"{home}/01_推荐表/推荐表.pdf",
            f"{home}/02_案例报告/报告.docx",
            f"{home}/03_照片/车间.jpg",
            f"{home}/说明.txt",
            f"{home}/旧版/01_推荐表/推荐表.pdf",
            f"{home}/待确认/01_推荐表/推荐表.pdf",
        ]
    )
    assert (tmp_path / "案卷" / home / "01_推荐表" / "推荐表.pdf").read_bytes() == b"better"
    told = (tmp_path / "案卷" / home / "说明.txt").read_text(encoding="utf-8-sig")
    assert "受理编号：AL2026-0001\n申报单位：浙江远衡精密机械有限公司\n推荐单位：浙江省轴承工业协会\n" in told
    old = "旧版/01_推荐表/推荐表.pdf｜2026-05-06 09:00 来信｜原路径：材料.zip/推荐表.pdf｜"
    assert f"{old}已由5月6日收到的“推荐表.pdf”替代。" in told


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "_._etc_passwd"),
        ("a\0b\u202ec.pdf", "abc.pdf"),
        ("CON.txt", "_CON.txt"),
        (" . ", "未命名"),
        ("", "未命名"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("推荐表.pdf. ", "推荐表.pdf"),
        ("\ud83d表.pdf", "_表.pdf"),
    ],
)
def test_a_senders_name_becomes_safe_for_any_disk(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    safe = safe_name("很长的名字" * 60 + ".pdf")
    assert safe.startswith("很长的名字")
    assert safe.endswith(".pdf")
    assert len(safe.encode()) <= 180


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("浙江省轴承工业协会", "provincial"),
        ("温州市企业联合会", "city"),
        ("杭州市企业家协会", "city"),
        ("宁波市工业经济联合会", "city"),
        ("杭州市轴承协会", None),
        ("浙江远衡精密机械有限公司", None),
        ("", None),
    ],
)
def test_a_bodys_name_tells_its_pool(name: str, expected: str | None) -> None:
    pool = pool_of(CALL, name)
    assert (pool.key if pool else None) == expected


def test_the_ledger_counts_reserved_confirmed_released_and_what_is_over(teller: Teller) -> None:
    teller.prepare(Telling(recommenders=({"name": BODY, "pool": "省级行业协会"},)))
    names = [f"浙江远衡{word}机械有限公司" for word in "甲乙丙丁戊"]
    for place, name in enumerate(names, 1):
        files = (File("推荐表.pdf", "form", name, recommender=BODY, holds=name),)
        teller.tell(place, Mail(f"a@firm{place}.example", files, after=place))
    teller.tell(
        6,
        Mail(
            "b@firm6.example",
            (File("推荐表.pdf", "form", "宁波启明液压技术有限公司", recommender="某某公司"),),
            after=9,
        ),
    )
    with teller.store.transaction() as session:
        rows = session.exec(select(SubmissionRow).order_by(SubmissionRow.serial)).all()  # type: ignore[arg-type]
        rows[0].status = "complete"
        withdraw(session, rows[1], by="小王", reason="", at=FIRST)
        session.flush()
        (line,) = quota_ledger(session, CALL)
        assert line_of(session, CALL, BODY) == line
        assert line_of(session, CALL, "温州市企业联合会") is None
        assert two_routes(quota_uses(session, CALL)) == ()
    assert (line.limit.at_least, line.at_most, line.used, line.listed) == (2, 3, 4, True)
    assert (line.confirmed, line.released, line.over) == (("AL2026-0001",), ("AL2026-0002",), ("AL2026-0005",))
    assert line.reserved == ("AL2026-0003", "AL2026-0004", "AL2026-0005")
    assert line.sentence() == (
        "浙江省轴承工业协会（省级行业协会）：名额 2-3 个，已用 4 个（确认 1，占用 3），超出 1 个：AL2026-0005。"
    )
