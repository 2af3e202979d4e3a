"""Dossiers for tests: one complete submission to cases-2026, and small makers that change one thing in it.

Every name and number here is made up. ``complete_dossier()`` passes every rule except N01 (no paper booked yet).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from config.call import Call
from config.load import find_call, load_call
from config.policies import decided
from parsers.facts.leaf import Role
from parsers.facts.looks import (
    Box,
    Colour,
    Figure,
    FormFacts,
    FormField,
    FormKind,
    Look,
    Part,
    PartVerdict,
    PictureFacts,
    ReportFacts,
    ScanFacts,
    Seal,
    SealStrength,
    WordCounts,
)
from parsers.facts.problem import Problem, Weight
from store.dossier.dossier import (
    Dossier,
    FiledFile,
    Limit,
    Lists,
    MailSeen,
    Membership,
    NameClaim,
    RecommenderStanding,
    TitleHeld,
)
from store.states import VersionState

ZONE = ZoneInfo("Asia/Shanghai")
APPLICANT = "杭州钱江精密轴承有限公司"
CASE_TITLE = "杭州钱江精密轴承有限公司关键核心技术突破机制"
RECOMMENDER = "浙江省轴承工业协会"
CREDIT_CODE = "91330100MA27XYZ12A"
RECEIVED = datetime(2026, 5, 8, 9, 30, tzinfo=ZONE)
MAIL = hashlib.sha256(b"mail").hexdigest()
LOCKED = Problem("password", "文件设有密码。", cure="请去掉密码后重新发送。", weight=Weight.UNREADABLE)
BOX = Box(0.2, 0.3, 0.8, 0.35)


@cache
def cases_2026() -> Call:
    """The main call, loaded once."""
    return load_call(find_call("cases-2026"))


@cache
def key_sme_2025() -> Call:
    """The second call, loaded once."""
    return load_call(find_call("key-sme-2025"))


def with_policy(key: str, value: str, call: Call | None = None) -> Call:
    """The call with another decision on one open question."""
    changed = decided(call or cases_2026(), {key: value})
    assert changed.policy(key) == value, "a question of this call, and one of its choices"
    return changed


def field(value: str = "", *, certain: bool = True, confidence: float = 0.99, crop: str | None = None) -> FormField:
    return FormField(value=value, confidence=confidence, certain=certain, page=1, box=BOX, crop=crop)


def form(**changes: Any) -> FormFacts:
    return replace(
        FormFacts(
            kind=FormKind.CURRENT,
            title="浙江省专精特新企业发展优秀案例申报推荐表",
            case_title=field(CASE_TITLE),
            applicant=field(APPLICANT),
            recommender=field(RECOMMENDER),
            submitted_on=field("2026-05-07"),
        ),
        **changes,
    )


def seal(text: str = APPLICANT, **changes: Any) -> Seal:
    return replace(
        Seal(page=1, box=Box(0.55, 0.6, 0.8, 0.78), text=text, confidence=0.97, strength=SealStrength.STRONG), **changes
    )


def scan(**changes: Any) -> ScanFacts:
    return replace(
        ScanFacts(pages=1, scanned=True, colour=Colour.COLOUR, clean=True, form=form(), seals=(seal(),)), **changes
    )


def filed(usual_name: str, /, **changes: Any) -> FiledFile:
    """A filed file; give at least ``material``, ``role`` and ``type``. Its hash is that of its name."""
    name = changes.get("name", usual_name)
    return replace(
        FiledFile(
            version=1,
            material="",
            role=Role.OTHER,
            name=name,
            path=name,
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            size=200_000,
            type="pdf",
            message=MAIL,
            received=RECEIVED,
            state=VersionState.CURRENT,
        ),
        **changes,
    )


def form_file(facts: ScanFacts | None = None, **changes: Any) -> FiledFile:
    kind = changes.get("type", "pdf")
    look = Look(type=kind, scan=facts or scan())
    return filed("推荐表.pdf", **{"material": "form", "role": Role.FORM, "look": look, **changes})


def parts(**changes: Part) -> tuple[Part, ...]:
    made = {
        "intro": Part("intro", PartVerdict.CERTAIN, 310, "引言"),
        "overview": Part("overview", PartVerdict.CERTAIN, 820, "一、企业概况"),
        "practice": Part("practice", PartVerdict.CERTAIN, 7300, "二、特色实践"),
        "insight": Part("insight", PartVerdict.CERTAIN, 1080, "三、经验启示"),
    }
    return tuple({**made, **changes}.values())


def report(**changes: Any) -> ReportFacts:
    return replace(
        ReportFacts(
            format="docx",
            counts=WordCounts(body=9555),
            title=CASE_TITLE,
            parts=parts(),
            figures=(Figure("figure", "图1 产线布局", source_noted=True, near="产线布局", pixels=(1600, 1200)),),
            names=(APPLICANT,),
        ),
        **changes,
    )


def report_file(facts: ReportFacts | None = None, **changes: Any) -> FiledFile:
    facts = facts or report()
    look = Look(type=changes.get("type", "docx"), report=facts)
    return filed(
        "案例报告.docx", **{"material": "report", "role": Role.REPORT, "type": "docx", "look": look, **changes}
    )


def picture(number: int, **changes: Any) -> PictureFacts:
    phashes = {1: "ffff0000ffff0000", 2: "00ff00ff00ff00ff", 3: "0f0f0f0ff0f0f0f0", 4: "aaaa5555aaaa5555"}
    return replace(PictureFacts(width=2400, height=1600, sharpness=85.0, phash=phashes[number]), **changes)


def photo(number: int, facts: PictureFacts | None = None, **changes: Any) -> FiledFile:
    look = Look(type="jpeg", picture=facts or picture(number))
    made = {
        "material": "photos",
        "role": Role.PHOTO,
        "type": "jpeg",
        "look": look,
        "caption": f"第{number}条产线全景",
        "caption_from": "文件名",
        "version": 10 + number,
    }
    return filed(f"照片{number}.jpg", **{**made, **changes})


def mail(**changes: Any) -> MailSeen:
    return replace(
        MailSeen(
            sha256=MAIL,
            message_id="<1@example.com>",
            sender_name="办公室",
            sender_address="office@example.com",
            subject=f"优秀案例申报-{APPLICANT}",
            received=RECEIVED,
            text="现报送我司优秀案例材料，请查收。",
        ),
        **changes,
    )


def standing(**changes: Any) -> RecommenderStanding:
    """A listed provincial association with two to three places, whose first case this is."""
    limit = Limit(RECOMMENDER, at_most=3, at_least=2)
    return replace(
        RecommenderStanding(RECOMMENDER, "provincial", listed=True, region="浙江省", used=1, rank=1, limit=limit),
        **changes,
    )


def lists(**changes: Any) -> Lists:
    return replace(
        Lists(
            titles=(
                TitleHeld(
                    "国家级专精特新“小巨人”企业", "小巨人名单", 12, date(2026, 3, 1), "第五批", date(2027, 6, 30)
                ),
            ),
            titles_as_of=date(2026, 3, 1),
            membership=Membership("会员名单", 5, date(2026, 3, 1)),
            members_as_of=date(2026, 3, 1),
            recommender=RecommenderStanding(
                RECOMMENDER,
                "provincial",
                listed=True,
                region="浙江省",
                used=1,
                rank=1,
                limit=Limit(RECOMMENDER, at_most=3, at_least=2),
            ),
        ),
        **changes,
    )


def complete_dossier(**changes: Any) -> Dossier:
    """A submission that passes every rule but N01; ``changes`` replace whole fields of it."""
    return replace(
        Dossier(
            call="cases-2026",
            number="AL2026-0042",
            applicant=APPLICANT,
            applicant_certain=True,
            credit_code=CREDIT_CODE,
            names=(
                NameClaim(APPLICANT, "form", 0.99, "推荐表.pdf 第1页"),
                NameClaim(APPLICANT, "report", 0.95, "案例报告.docx"),
            ),
            recommender=RECOMMENDER,
            first_received=RECEIVED,
            last_received=RECEIVED,
            mails=(mail(),),
            files=(form_file(), report_file(), photo(1), photo(2)),
            lists=lists(),
        ),
        **changes,
    )


def with_form(facts: ScanFacts | None = None, **changes: Any) -> Dossier:
    """A complete submission with another form file."""
    return complete_dossier(files=(form_file(facts, **changes), report_file(), photo(1), photo(2)))


def with_fields(**changes: FormField) -> Dossier:
    """A complete submission whose form says something else in some fields."""
    return with_form(scan(form=form(**changes)))


def with_report(facts: ReportFacts | None = None, **changes: Any) -> Dossier:
    """A complete submission with another report file."""
    return complete_dossier(files=(form_file(), report_file(facts, **changes), photo(1), photo(2)))


def with_photos(*photos: FiledFile) -> Dossier:
    """A complete submission with other photos."""
    return complete_dossier(files=(form_file(), report_file(), *photos))


def without(material: str) -> Dossier:
    """A complete submission that lacks one material."""
    whole = complete_dossier()
    return replace(whole, files=tuple(f for f in whole.files if f.material != material))
