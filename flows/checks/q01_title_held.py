"""Q01: does the applicant hold a title that the notice admits? (是否获评称号).

通知二：“已获评的国家级制造业单项冠军企业、国家级专精特新“小巨人”企业和省级“专精特新”中小企业均可申报”

Lists are never complete and names change, so a firm that is not found is 存疑 and never told that it is not
eligible. Whether an expired title counts is the policy ``expired_title`` where the notice does not say.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.rule import Rule
from flows.checks.same import fold_name
from flows.checks.say import doubt, passed
from store.dossier.dossier import Dossier, TitleHeld
from store.dossier.finding import Evidence, Finding

CODE = "Q01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look for an admitted title, then whether it still stood on the day of application."""
    lists, admitted = dossier.lists, call.eligibility
    if lists.titles_as_of is None:
        return doubt(CODE, "尚未导入称号名单，请经办核对是否获评所列称号之一。")
    barred = tuple(t for t in lists.titles if named(t, admitted.excluded_titles) and not expired(t, dossier, call))
    if barred:
        return doubt(CODE, f"名单中为{barred[0].title}，本次征集不含此类企业，请经办核实。", *map(shown, barred))
    held = tuple(t for t in lists.titles if named(t, admitted.titles))
    if not held:
        as_of = lists.titles_as_of.isoformat()
        return doubt(
            CODE, f"称号名单（截至 {as_of}）中没有找到“{dossier.applicant}”，请经办核实。", *map(shown, lists.titles)
        )
    valid = tuple(t for t in held if not expired(t, dossier, call))
    if valid:
        return passed(CODE, f"获评{valid[0].title}（{valid[0].list_name}第{valid[0].row}行）。", *map(shown, valid))
    if admitted.must_be_valid is not True and call.policy("expired_title") == "accept":
        return passed(CODE, f"获评{held[0].title}，已过有效期；按本次征集的口径仍可申报。", *map(shown, held))
    return doubt(
        CODE, f"获评{held[0].title}，有效期至 {held[0].valid_until}，申报时已过期，请经办核实。", *map(shown, held)
    )


def named(title: TitleHeld, titles: tuple[str, ...]) -> bool:
    """Whether the title in the list is one of these, marks and 级 aside."""
    held = plain(title.title)
    return any(held == plain(one) for one in titles)


def plain(title: str) -> str:
    """Return a title without marks and without the words that lists leave out."""
    bare = fold_name(title)
    for word, instead in (
        ("浙江省级", "省级"),
        ("浙江省", "省级"),
        ("国家级", ""),
        ("国家", ""),
        ("示范", ""),
        ("企业", ""),
    ):
        bare = bare.replace(word, instead)
    return bare


def expired(title: TitleHeld, dossier: Dossier, call: Call) -> bool:
    """Whether the title had run out on the day on which the application came."""
    day = dossier.first_received.astimezone(call.window.timezone).date()
    return title.valid_until is not None and title.valid_until < day


def shown(title: TitleHeld) -> Evidence:
    """Return the place of a title in its list."""
    until = f"，有效期至 {title.valid_until}" if title.valid_until else ""
    return Evidence(
        place=f"{title.list_name}第{title.row}行（截至 {title.as_of}）", words=f"{title.title}{title.batch}{until}"
    )


RULE = Rule(
    CODE,
    "title_held",
    "申报单位是否获评所列称号之一？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT),
    why=("名单难免不全，企业也会更名：查不到时请经办核实，不告知申报单位不合格。"),
)
