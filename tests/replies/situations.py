"""The situations of the golden letters: what was received and found, and which letter tells of it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from config.call import Call
from config.load import find_call, load_call
from flows.replies.compose import compose
from flows.replies.letter import Attachment, Letter, LetterKind, Told
from flows.replies.matter import (
    Bundle,
    BundleCase,
    ContactNote,
    ContactState,
    Inquiry,
    Matter,
    QuotaNote,
    Recommended,
    Standing,
    Waiting,
)
from flows.replies.state import ToldLetter
from parsers.facts.leaf import Role
from parsers.facts.mails import Address, CloudLink
from store.dossier.dossier import Dossier, Limit, PaperReceipt
from store.dossier.finding import Finding
from store.states import SubmissionStatus, VersionState
from tests.checks.dossiers import (
    ZONE,
    cases_2026,
    complete_dossier,
    filed,
    form_file,
    mail,
    photo,
    report_file,
    without,
)
from tests.replies import findings as f

NOW = datetime(2026, 5, 8, 10, 0, tzinfo=ZONE)
LAST_DAY = datetime(2026, 5, 30, 9, 30, tzinfo=ZONE)
LAST_HOUR = datetime(2026, 5, 30, 23, 5, tzinfo=ZONE)
AFTER = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)
K = LetterKind


def asked_for(*found: Finding) -> ToldLetter:
    """The 补正 that asked for these two days ago."""
    said = tuple(Told(x.code, x.item, x.verdict.value, x.defect) for x in found)
    return ToldLetter(7, K.DEFICIENT, "sent", "aaaa-bbbb", "office@example.com", NOW - timedelta(days=2), said)


@dataclass(frozen=True)
class Scene:
    name: str
    kind: LetterKind
    matter: Matter = field(default_factory=complete_dossier)
    found: tuple[Finding, ...] = ()
    now: datetime = NOW
    previous: ToldLetter | None = None
    call: str = "cases-2026"
    more: dict[str, Any] = field(default_factory=dict)

    def letter(self) -> Letter:
        """Its letter, composed once a process: many tests look at the same one."""
        if self.name not in COMPOSED:
            COMPOSED[self.name] = compose(
                self.kind, self.matter, self.found, call_named(self.call), self.now, previous=self.previous, **self.more
            )
        return COMPOSED[self.name]


COMPOSED: dict[str, Letter] = {}


@cache
def call_named(name: str) -> Call:
    return cases_2026() if name == "cases-2026" else load_call(find_call(name))


def unreadable(name: str, kind: str) -> Dossier:
    return complete_dossier(files=(filed(name, role=Role.UNREADABLE, type=kind),))


def linked(**changes: Any) -> Dossier:
    link = CloudLink("https://pan.baidu.com/s/1abc", "百度网盘", "申报材料.zip", "x1y2")
    return complete_dossier(files=(), links=(link,), **changes)


def paper(*keys: str) -> Dossier:
    received = tuple(PaperReceipt(key, date(2026, 5, 12), "SF1234567890", by="经办甲") for key in keys)
    return complete_dossier(paper=received)


def firm(serial: int, name: str, **changes: Any) -> Dossier:
    return complete_dossier(number=f"AL2026-{serial:04d}", applicant=name, **changes)


LATE_MAIL = mail(received=datetime(2026, 5, 31, 0, 12, tzinfo=ZONE), on_time=False)
WHOLLY_LATE = complete_dossier(mails=(LATE_MAIL,), first_received=LATE_MAIL.received, last_received=LATE_MAIL.received)
SUPPLEMENT_LATE = complete_dossier(
    mails=(mail(), replace(LATE_MAIL, sha256="b" * 64, subject="补充照片")), last_received=LATE_MAIL.received
)
NESTED = complete_dossier(
    files=(
        replace(form_file(), path="申报材料.zip/01 推荐表/推荐表.pdf"),
        replace(report_file(), path="申报材料.zip/02 报告/案例报告.docx"),
        replace(photo(1), path="申报材料.zip/照片/照片1.jpg", size=4_812_331),
        replace(photo(2), path="申报材料.zip/照片/照片2.jpg", size=3_120),
    )
)
REPLACED = complete_dossier(
    files=(
        replace(
            form_file(), name="推荐表（旧）.pdf", path="推荐表（旧）.pdf", state=VersionState.SUPERSEDED, version=2
        ),
        *complete_dossier().files,
        filed("企业宣传册.pdf", role=Role.OTHER, sha256="c" * 64),
        filed("logo.png", role=Role.NOISE, sha256="d" * 64),
        filed("他人补件.pdf", material="form", role=Role.FORM, state=VersionState.PENDING, sha256="e" * 64),
    )
)
MANY = complete_dossier(
    files=(*complete_dossier().files, *(filed(f"附图{n:02}.png", role=Role.OTHER, version=100 + n) for n in range(70)))
)
LONG_NAME = "浙江省专精特新企业发展优秀案例申报推荐表（盖章扫描件，2026年5月最终版，请以此件为准，此前发送的作废）.pdf"
LONG = complete_dossier(
    applicant="杭州" + "钱江" * 20 + "有限公司", files=(form_file(name=LONG_NAME, path=LONG_NAME), report_file())
)
HOSTILE_NAME = "点此<a href='http://evil.example/x'>领奖</a>\r\nBcc: all@evil.example\u202efdp.exe"
HOSTILE = complete_dossier(
    applicant="<script>alert(1)</script>有限公司",
    mails=(mail(subject="=?utf-8?B?eA==?= www.evil.example\nSubject: x", sender_name="{{ 7*7 }}"),),
    files=(form_file(name=HOSTILE_NAME, path=HOSTILE_NAME),),
)
NAMELESS = complete_dossier(applicant="", applicant_certain=False)
ASKS_BACK = mail(
    sha256="9" * 64, subject="撤回申报", text="我公司决定撤回申报。", received=datetime(2026, 5, 20, 15, 8, tzinfo=ZONE)
)
QUESTION = mail(subject="请问会员单位怎么自荐？", text="请问会员单位怎么自荐？")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
SEAL_PLACE = replace(f.NO_SEAL, evidence=(replace(f.NO_SEAL.evidence[0], crop="5" * 64),))
ANNEXES = (
    Attachment("附件1 申报推荐表.docx", "application/octet-stream", b"one"),
    Attachment("附件2 撰写要求.docx", "application/octet-stream", b"two"),
)
COUNTY = complete_dossier(
    call="key-sme-2025",
    number="ZD2025-0007",
    applicant="桐庐县经济和信息化局",
    files=(filed("推荐名单汇总表.xlsx", material="recommended_list", type="xlsx"),),
    mails=(mail(subject="桐庐县报送材料", received=datetime(2024, 11, 12, 9, 0, tzinfo=ZONE)),),
)
COUNTY_FIRM = replace(
    COUNTY,
    number="ZD2025-0019",
    applicant="杭州富春仪器有限公司",
    files=(filed("申请表.pdf", material="form", type="pdf"),),
)
NO_TABLE = f.lacks("F01", "没有收到申请表", "请发来企业盖章的申请表。")
COUNTY_NOW = datetime(2024, 11, 12, 10, 0, tzinfo=ZONE)

_RECEIVED = (
    Scene("received-complete", K.RECEIVED, found=(f.PAPER,)),
    Scene("received-paper-booked", K.RECEIVED, paper("paper_form", "paper_report")),
    Scene("received-one-paper-booked", K.RECEIVED, paper("paper_form"), (f.PAPER,)),
    Scene("received-short-report", K.RECEIVED, found=(f.SHORT, f.PAPER)),
    Scene(
        "received-many-hints", K.RECEIVED, found=(f.SHORT, f.PART_SHORT, f.NO_TITLE, f.NO_SOURCE, f.PRIVATE, f.PAPER)
    ),
    Scene("received-four-photos", K.RECEIVED, found=(f.FOUR_PHOTOS, f.SMALL_PHOTO)),
    Scene("received-staff-hint-stays-inside", K.RECEIVED, found=(f.STAFF_ONLY, f.passes("F01"))),
    Scene("received-last-day", K.RECEIVED, found=(f.PAPER,), now=LAST_DAY),
    Scene("received-examined-after-deadline", K.RECEIVED, now=AFTER),
    Scene(
        "received-extended",
        K.RECEIVED,
        complete_dossier(extended_to=datetime(2026, 6, 5, 18, 0, tzinfo=ZONE)),
        now=AFTER,
    ),
    Scene("received-in-zip", K.RECEIVED, NESTED),
    Scene("received-replaced-and-other-files", K.RECEIVED, REPLACED),
    Scene(
        "received-the-same-form-again",
        K.RECEIVED,
        complete_dossier(
            files=(
                *complete_dossier().files,
                form_file(
                    name="推荐表（再发）.pdf",
                    path="推荐表（再发）.pdf",
                    version=2,
                    state=VersionState.SUPERSEDED,
                    reason="与5月8日收到的“推荐表.pdf”内容完全相同。",
                ),
            )
        ),
    ),
    Scene("received-seventy-files", K.RECEIVED, MANY),
    Scene("received-name-unknown", K.RECEIVED, NAMELESS),
)
_CHECKING = (
    Scene("checking-title-not-in-list", K.RECEIVED_CHECKING, found=(f.TITLE_UNKNOWN, f.PAPER)),
    Scene("checking-with-advice", K.RECEIVED_CHECKING, found=(f.SEAL_UNCLEAR, f.SHORT)),
    Scene("checking-first-receipt", K.RECEIVED_CHECKING, without("photos"), (f.NO_PHOTOS, f.NO_SEAL, f.PAPER)),
    Scene("checking-first-receipt-nothing-filed", K.RECEIVED_CHECKING, unreadable("材料.rar", "rar"), (f.LOCKED,)),
    Scene(
        "checking-after-supplement",
        K.RECEIVED_CHECKING,
        found=(f.SEAL_UNCLEAR,),
        previous=asked_for(f.NO_SEAL, f.NO_PHOTOS),
    ),
)
_ONE_DEFECT = tuple(
    Scene(f"deficient-{name}", K.DEFICIENT, matter, (finding, f.PAPER))
    for name, matter, finding in (
        ("no-form", without("form"), f.NO_FORM),
        ("form-is-word", complete_dossier(), f.FORM_IS_WORD),
        ("no-seal", complete_dossier(), f.NO_SEAL),
        ("no-case-title", complete_dossier(), f.NO_CASE_TITLE),
        ("no-applicant", NAMELESS, f.NO_APPLICANT),
        ("no-recommender", complete_dossier(), f.NO_RECOMMENDER),
        ("no-date", complete_dossier(), f.NO_DATE),
        ("no-report", without("report"), f.NO_REPORT),
        ("report-is-pdf", complete_dossier(), f.REPORT_IS_PDF),
        ("no-photos", without("photos"), f.NO_PHOTOS),
        ("one-photo", complete_dossier(), f.ONE_PHOTO),
        ("no-caption", complete_dossier(), f.no_caption("IMG_0012.jpg")),
        ("one-archive-locked", complete_dossier(), f.LOCKED),
        ("one-archive-damaged", complete_dossier(), f.DAMAGED),
        ("set-by-staff", complete_dossier(), f.BY_STAFF),
        ("no-cure-known", complete_dossier(), replace(f.NO_SEAL, cure="")),
    )
)
_DEFICIENT = (
    *_ONE_DEFECT,
    Scene(
        "deficient-everything", K.DEFICIENT, complete_dossier(files=()), (f.NO_FORM, f.NO_REPORT, f.NO_PHOTOS, f.PAPER)
    ),
    Scene("deficient-three-captions", K.DEFICIENT, found=tuple(f.no_caption(f"IMG_000{n}.jpg") for n in (1, 2, 3))),
    Scene(
        "deficient-with-advice-and-doubt", K.DEFICIENT, found=(f.NO_SEAL, f.SHORT, f.NO_TITLE, f.TITLE_UNKNOWN, f.PAPER)
    ),
    Scene(
        "deficient-second-round",
        K.DEFICIENT,
        found=(f.NO_SEAL, f.SHORT),
        previous=asked_for(f.NO_SEAL, f.NO_PHOTOS, f.SHORT, f.NO_TITLE),
    ),
    Scene(
        "deficient-second-round-new-file",
        K.DEFICIENT,
        found=(f.NO_DATE, f.no_caption("IMG_9.jpg")),
        previous=asked_for(f.NO_FORM, f.NO_PHOTOS),
    ),
    Scene(
        "deficient-nothing-new-since",
        K.DEFICIENT,
        without("photos"),
        (f.NO_SEAL, f.NO_PHOTOS),
        previous=asked_for(f.NO_SEAL, f.no_caption("IMG_9.jpg")),
        more={"brought": False},
    ),
    Scene(
        "deficient-partly-our-mistake",
        K.DEFICIENT,
        without("photos"),
        (f.NO_PHOTOS,),
        previous=asked_for(f.NO_SEAL, f.NO_PHOTOS),
        more={"brought": False},
    ),
    Scene("deficient-seven-days-left", K.DEFICIENT, found=(f.NO_SEAL,), now=datetime(2026, 5, 23, 12, tzinfo=ZONE)),
    Scene("deficient-day-before", K.DEFICIENT, found=(f.NO_SEAL,), now=datetime(2026, 5, 29, 8, tzinfo=ZONE)),
    Scene("deficient-last-hour", K.DEFICIENT, found=(f.NO_SEAL,), now=LAST_HOUR),
    Scene("deficient-after-deadline", K.DEFICIENT, found=(f.NO_SEAL,), now=AFTER),
    Scene(
        "deficient-extended",
        K.DEFICIENT,
        complete_dossier(extended_to=datetime(2026, 6, 5, 17, 30, tzinfo=ZONE)),
        (f.NO_SEAL,),
        AFTER,
    ),
    Scene(
        "deficient-with-picture",
        K.DEFICIENT,
        found=(SEAL_PLACE, f.NO_DATE),
        more={"pictures": {"5" * 64: PNG}},
    ),
    Scene(
        "deficient-long-names",
        K.DEFICIENT,
        LONG,
        (replace(f.NO_SEAL, evidence=(replace(f.NO_SEAL.evidence[0], file=LONG_NAME),)),),
    ),
    Scene("deficient-hostile-names", K.DEFICIENT, HOSTILE, (f.no_caption(HOSTILE_NAME),)),
)
_UNOPENED = (
    Scene("unreadable-locked", K.UNREADABLE, unreadable("材料.rar", "rar"), (f.LOCKED, f.PAPER)),
    Scene("unreadable-damaged", K.UNREADABLE, unreadable("材料.zip", "zip"), (f.DAMAGED,)),
    Scene("unreadable-last-day", K.UNREADABLE, unreadable("材料.zip", "zip"), (f.DAMAGED, f.TITLE_UNKNOWN), LAST_DAY),
    Scene("cloud-link", K.CLOUD_LINK, linked(), (f.CLOUD, f.PAPER)),
    Scene("cloud-link-name-unknown", K.CLOUD_LINK, linked(applicant=""), (f.CLOUD,), LAST_HOUR),
)
_SETTLED = (
    Scene("completed", K.COMPLETED, found=(f.PAPER,), previous=asked_for(f.NO_SEAL, f.NO_PHOTOS)),
    Scene("completed-with-advice", K.COMPLETED, found=(f.SHORT,), previous=asked_for(f.NO_SEAL, f.SHORT)),
    Scene("completed-after-deadline", K.COMPLETED, now=AFTER, previous=asked_for(f.NO_SEAL)),
    Scene("late", K.LATE, WHOLLY_LATE, (f.LATE, f.PAPER), AFTER),
    Scene("late-with-defects-names-none", K.LATE, WHOLLY_LATE, (f.LATE, f.NO_SEAL), AFTER),
    Scene("late-supplement", K.LATE, SUPPLEMENT_LATE, (f.LATE,), AFTER),
    Scene(
        "completed-link-and-archive",
        K.COMPLETED,
        previous=asked_for(f.CLOUD, f.LOCKED, f.NO_REPORT),
    ),
    Scene("completed-our-mistake", K.COMPLETED, previous=asked_for(f.NO_SEAL), more={"brought": False}),
    Scene(
        "completed-our-mistake-paper-open",
        K.COMPLETED,
        found=(f.PAPER,),
        previous=asked_for(f.NO_SEAL),
        more={"brought": False},
    ),
    Scene("withdrawn", K.WITHDRAWN, complete_dossier(withdrawn=True), more={"answering": ASKS_BACK}),
    Scene("withdrawn-by-telephone", K.WITHDRAWN, complete_dossier(withdrawn=True)),
    Scene("paper-received-all", K.PAPER_RECEIVED, paper("paper_form", "paper_report")),
    Scene("paper-received-one", K.PAPER_RECEIVED, paper("paper_report"), (f.PAPER,)),
    Scene("remind-open", K.REMIND_OPEN, found=(f.NO_SEAL, f.SHORT), previous=asked_for(f.NO_SEAL, f.SHORT)),
    Scene(
        "remind-deadline-two-weeks",
        K.REMIND_DEADLINE,
        found=(f.NO_SEAL,),
        now=datetime(2026, 5, 16, 9, tzinfo=ZONE),
        previous=asked_for(f.NO_SEAL),
    ),
    Scene(
        "remind-deadline-tomorrow",
        K.REMIND_DEADLINE,
        found=(f.NO_SEAL, f.NO_DATE, f.NO_PHOTOS),
        now=datetime(2026, 5, 29, 9, tzinfo=ZONE),
        previous=asked_for(f.NO_SEAL, f.NO_DATE),
    ),
    Scene(
        "remind-deadline-nothing-sent", K.REMIND_DEADLINE, Waiting(QUESTION), now=datetime(2026, 5, 23, 9, tzinfo=ZONE)
    ),
)
_MAILS = (
    Scene("inquiry", K.INQUIRY, Inquiry(QUESTION)),
    Scene("inquiry-with-number", K.INQUIRY, Inquiry(QUESTION, "AL2026-0042")),
    Scene("inquiry-after-deadline", K.INQUIRY, Inquiry(QUESTION), now=AFTER),
    Scene("inquiry-without-subject", K.INQUIRY, Inquiry(mail(subject=""))),
    Scene("templates", K.TEMPLATES, Inquiry(mail(subject="请发一下附件")), more={"annexes": ANNEXES}),
    Scene("templates-after-deadline", K.TEMPLATES, Inquiry(QUESTION), now=AFTER, more={"annexes": ANNEXES}),
    Scene("minimal", K.MINIMAL, Inquiry(mail(), "AL2026-0042", attachments=2)),
    Scene("minimal-without-subject", K.MINIMAL, Inquiry(mail(subject=""))),
    Scene("no-attachment", K.NO_ATTACHMENT, Inquiry(mail(subject="报送优秀案例材料"))),
    Scene("no-attachment-with-number", K.NO_ATTACHMENT, Inquiry(mail(subject=""), "AL2026-0042"), now=LAST_DAY),
    Scene(
        "inquiry-answered-by-the-notice",
        K.INQUIRY,
        Inquiry(mail(subject="咨询", text="纸质材料寄到哪里、要几份？5月30日是24时截止吗？推荐名额有几个？")),
    ),
    Scene(
        "inquiry-has-it-arrived",
        K.INQUIRY,
        Inquiry(
            mail(subject="材料收到了吗", text="请问我们的材料收到了吗？"),
            "AL2026-0042",
            standings=(Standing("AL2026-0042", "杭州钱江精密轴承有限公司", SubmissionStatus.COMPLETE),),
        ),
    ),
    Scene(
        "inquiry-of-an-agent",
        K.INQUIRY,
        Inquiry(
            mail(subject="能否延期", text="能否延期两天？"),
            standings=(
                Standing("AL2026-0042", "杭州钱江精密轴承有限公司", SubmissionStatus.INCOMPLETE),
                Standing("AL2026-0043", "", SubmissionStatus.DOUBTFUL),
            ),
        ),
    ),
)
_FIVE = Limit(at_most=5, at_least=3)
_TWO_TO_THREE = Limit(at_most=3, at_least=2)
_FOUR_TO_FIVE = Limit(at_most=5, at_least=4)
_THREE = (
    BundleCase(firm(51, "宁波甬江轴承有限公司"), (f.PAPER,)),
    BundleCase(firm(52, "绍兴镜湖纺机有限公司", files=without("photos").files), (f.NO_PHOTOS, f.NO_SEAL, f.SHORT)),
    BundleCase(firm(53, "台州海门泵业有限公司"), (f.TITLE_UNKNOWN,)),
)
_BUNDLES = (
    Scene("bundle-all-complete", K.BUNDLE, Bundle("浙江省轴承工业协会", mail(), _THREE[:1] * 2)),
    Scene("bundle-one-deficient", K.BUNDLE, Bundle("浙江省轴承工业协会", mail(), _THREE)),
    Scene(
        "bundle-leftovers", K.BUNDLE, Bundle("浙江省轴承工业协会", mail(), _THREE[1:], ("汇总表.xlsx", "新建文档.docx"))
    ),
    Scene(
        "bundle-leftovers-only",
        K.BUNDLE,
        Bundle("浙江省轴承工业协会", mail(), (BundleCase(firm(51, "宁波甬江轴承有限公司"), ()),), ("新建文档.docx",)),
    ),
    Scene(
        "bundle-over-quota-only",
        K.BUNDLE,
        Bundle(
            "浙江省轴承工业协会",
            mail(),
            (BundleCase(firm(51, "宁波甬江轴承有限公司"), ()), BundleCase(firm(52, "绍兴镜湖纺机有限公司"), ())),
            quota=QuotaNote(_TWO_TO_THREE, 5, over=("AL2026-0051", "AL2026-0052")),
        ),
    ),
    Scene(
        "bundle-nothing-open",
        K.BUNDLE,
        Bundle("浙江省轴承工业协会", mail(), (BundleCase(firm(51, "宁波甬江轴承有限公司"), ()),)),
    ),
    Scene("bundle-recommender-unknown", K.BUNDLE, Bundle("", mail(), _THREE[:1])),
    Scene(
        "bundle-late",
        K.BUNDLE,
        Bundle("浙江省轴承工业协会", LATE_MAIL, (BundleCase(WHOLLY_LATE, (f.LATE,)),)),
        now=AFTER,
    ),
)
BODY = "浙江省轴承工业协会"
OF_THREE = "宁波甬江、绍兴镜湖、台州海门三家申报材料.zip"
"""The recommender's archive: its name names every firm of the mail."""
_TOLD = tuple(
    replace(case, contact=ContactNote(state, address))
    for case, state, address in zip(
        _THREE,
        (ContactState.TELLING, ContactState.CHECKING, ContactState.NONE),
        ("z***@yongjiang.example", "l***@jinghu.example", ""),
        strict=True,
    )
)
_FOUR = BundleCase(firm(54, "湖州太湖仪表有限公司"), (), ContactNote(ContactState.TOLD, "w***@taihu.example"))


TO_FIRM: dict[str, Any] = {"to": Address("张三", "zhang@firm.example")}


def recommended(dossier: Dossier, body: str = BODY) -> Recommended:
    return Recommended(dossier, body, dossier.mails[0].received)


_CONTACTS = (
    Scene(
        "bundle-contacts-told",
        K.BUNDLE,
        Bundle(BODY, mail(), (*_TOLD, _FOUR), quota=QuotaNote(Limit(at_most=3, at_least=2), 4, over=("AL2026-0054",))),
    ),
    Scene(
        "bundle-quota-left", K.BUNDLE, Bundle(BODY, mail(), _THREE, quota=QuotaNote(Limit(at_most=5, at_least=3), 3))
    ),
    Scene(
        "bundle-over-quota",
        K.BUNDLE,
        Bundle(
            BODY,
            mail(),
            _THREE,
            quota=QuotaNote(_TWO_TO_THREE, 5, over=("AL2026-0040", "AL2026-0053"), free=1),
        ),
    ),
    Scene(
        "bundle-quota-of-the-city",
        K.BUNDLE,
        Bundle("温州市企业家协会", mail(), _THREE, quota=QuotaNote(Limit(at_most=5, at_least=3), 4, shared=True)),
    ),
    Scene(
        "bundle-under-quota",
        K.BUNDLE,
        Bundle(BODY, mail(), _THREE, quota=QuotaNote(_FOUR_TO_FIVE, 3, wanting=1)),
    ),
    Scene("bundle-quota-unknown", K.BUNDLE, Bundle("浙江某某联谊会", mail(), _THREE, quota=QuotaNote(Limit(), 3))),
    Scene(
        "bundle-two-routes",
        K.BUNDLE,
        Bundle(BODY, mail(), _THREE, waiting=("镜湖纺机推荐表.pdf",), two_routes=("AL2026-0051",)),
    ),
    Scene("contact-complete", K.CONTACT, recommended(_THREE[0].dossier), (f.PAPER,), more=TO_FIRM),
    Scene(
        "contact-deficient",
        K.CONTACT,
        recommended(
            replace(
                _THREE[1].dossier,
                files=tuple(replace(one, path=f"{OF_THREE}/{one.name}") for one in _THREE[1].dossier.files),
            )
        ),
        (f.NO_PHOTOS, SEAL_PLACE, f.SHORT, f.TITLE_UNKNOWN, f.PAPER),
        more={"pictures": {"5" * 64: PNG}, **TO_FIRM},
    ),
    Scene("contact-checking", K.CONTACT, recommended(_THREE[2].dossier), (f.TITLE_UNKNOWN,), more=TO_FIRM),
    Scene("contact-late", K.CONTACT, recommended(WHOLLY_LATE), (f.LATE,), AFTER, more=TO_FIRM),
)
COUNTY_ASKED = ToldLetter(
    7,
    K.DEFICIENT,
    "sent",
    "aaaa-bbbb",
    "o@example.com",
    COUNTY_NOW - timedelta(days=2),
    (Told("F01", "", "缺失", "没有收到申请表"),),
)
COUNTY_PAPER = replace(f.PAPER, defect="尚未收到申请表纸质件", cure="请将加盖公章的申请表 2 份寄来。")
COUNTY_LATE = replace(
    COUNTY_FIRM,
    mails=(mail(subject="桐庐县报送材料", received=datetime(2024, 11, 19, 9, tzinfo=ZONE)),),
    first_received=datetime(2024, 11, 19, 9, tzinfo=ZONE),
    last_received=datetime(2024, 11, 19, 9, tzinfo=ZONE),
)
COUNTY_QUESTION = mail(
    subject="咨询",
    text="请问桐庐县的推荐名额有几个？纸质材料寄到哪里？17日几点截止？",
    received=datetime(2024, 11, 12, 9, 0, tzinfo=ZONE),
)
_SECOND_CALL = tuple(
    Scene(f"second-call-{kind}", kind, matter, found, COUNTY_NOW, previous, call="key-sme-2025", more=more)
    for kind, matter, found, previous, more in (
        (K.RECEIVED, COUNTY, (), None, {}),
        (K.RECEIVED_CHECKING, COUNTY_FIRM, (f.TITLE_UNKNOWN, COUNTY_PAPER), None, {}),
        (K.DEFICIENT, COUNTY, (NO_TABLE,), None, {}),
        (K.COMPLETED, COUNTY_FIRM, (), COUNTY_ASKED, {}),
        (K.LATE, COUNTY_LATE, (f.LATE,), None, {}),
        (K.UNREADABLE, replace(COUNTY, files=(filed("材料.rar", role=Role.UNREADABLE),)), (f.LOCKED,), None, {}),
        (K.CLOUD_LINK, replace(COUNTY, files=()), (f.CLOUD,), None, {}),
        (K.INQUIRY, Inquiry(COUNTY_QUESTION), (), None, {}),
        (K.NO_ATTACHMENT, Inquiry(COUNTY.mails[0]), (), None, {}),
        (K.TEMPLATES, Inquiry(COUNTY_QUESTION), (), None, {"annexes": ANNEXES[:1]}),
        (K.MINIMAL, Inquiry(COUNTY.mails[0], attachments=1), (), None, {}),
        (K.WITHDRAWN, COUNTY_FIRM, (), None, {"answering": COUNTY_QUESTION}),
        (K.PAPER_RECEIVED, replace(COUNTY_FIRM, paper=(PaperReceipt("form", date(2024, 11, 12)),)), (), None, {}),
        (K.REMIND_OPEN, COUNTY, (NO_TABLE,), COUNTY_ASKED, {}),
        (
            K.BUNDLE,
            Bundle("桐庐县经济和信息化局", COUNTY.mails[0], (BundleCase(COUNTY, (NO_TABLE,)),)),
            (),
            None,
            {},
        ),
        (K.REMIND_DEADLINE, Waiting(COUNTY.mails[0]), (), None, {}),
        (K.CONTACT, recommended(COUNTY_FIRM, "桐庐县经济和信息化局"), (NO_TABLE,), None, TO_FIRM),
    )
)
_COUNTY_QUOTA = (
    Scene(
        "second-call-bundle-quota-of-the-county",
        K.BUNDLE,
        Bundle(
            "泰顺县财政局",
            COUNTY.mails[0],
            (BundleCase(COUNTY_FIRM, ()),),
            quota=QuotaNote(Limit(at_most=4), 3, shared=True),
        ),
        now=COUNTY_NOW,
        call="key-sme-2025",
    ),
    Scene(
        "second-call-bundle-over-quota",
        K.BUNDLE,
        Bundle(
            "桐庐县经济和信息化局",
            COUNTY.mails[0],
            (BundleCase(COUNTY_FIRM, (), ContactNote(ContactState.TELLING, "z***@fuchun.example")),),
            quota=QuotaNote(Limit(at_most=8), 9, over=("ZD2025-0019",)),
            two_routes=("ZD2025-0019",),
        ),
        now=COUNTY_NOW,
        call="key-sme-2025",
    ),
)

SCENES: tuple[Scene, ...] = (
    *_RECEIVED,
    *_CHECKING,
    *_DEFICIENT,
    *_UNOPENED,
    *_SETTLED,
    *_MAILS,
    *_BUNDLES,
    *_CONTACTS,
    *_SECOND_CALL,
    *_COUNTY_QUOTA,
)
