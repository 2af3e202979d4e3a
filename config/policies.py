"""Policies (口径): what staff decide where a notice is silent, and the program then acts on. All of them stand here.

Each row names the question, the choices with what they mean, the choice that holds until somebody decides, and the
modules that read it. A call gives ``value`` and ``default_reason`` under ``[policies.KEY]``; staff confirm or change
the value at the desk. What nothing in the program reads is no policy: a call lists it under ``[[open_questions]]``.

To add one: its row here, ``call.policy("key")`` where it acts, and its experiment in ``tests/config/test_policies.py``,
which shows that each choice changes something.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from config.build import build, check_keys
from config.call import Call, Policy
from config.faults import Faults
from config.quotes import fold
from config.working_days import is_working_day, working_day_from

CHECKS = "flows.checks."
"""Where rules live; a rule's code stands before the first underscore of its module's name."""


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """One row of the table."""

    key: str
    question: str
    choices: Mapping[str, str] | Callable[[Call], Mapping[str, str]]
    """The values that it may have, with what each means; or how a call gives them."""
    default: str
    """What holds until somebody decides; empty for the first choice that the call gives."""
    readers: tuple[str, ...]
    """The modules that act on it, and no others."""
    silent: Callable[[Call], bool] | None = None
    """Whether this call's notice leaves the question open; None where its readers' rules alone decide that."""

    def asked_of(self, call: Call) -> bool:
        """Whether the question arises in this call: its notice is silent, and something that runs acts on it."""
        rules = [name.removeprefix(CHECKS).split("_")[0].upper() for name in self.readers if name.startswith(CHECKS)]
        acts = len(rules) < len(self.readers) or any(code in call.rules for code in rules)
        return acts and (self.silent is None or self.silent(call))

    def choices_in(self, call: Call) -> Mapping[str, str]:
        """Return the choices that this call has."""
        return self.choices(call) if callable(self.choices) else self.choices


@dataclass(frozen=True, slots=True)
class Given:
    """What a call's file says of one policy."""

    value: str
    default_reason: str


def last_day(call: Call) -> datetime:
    """Return the last moment of the last day that the notice prints."""
    return call.printed_closes - timedelta(microseconds=1)


def issuer_names(call: Call) -> Mapping[str, str]:
    """Return the names that the issuer goes by in the notice."""
    return dict.fromkeys((call.issuer, *call.issuer_aliases), "")


POLICIES: tuple[PolicySpec, ...] = (
    PolicySpec(
        "issuer_name",
        "主办单位在通知中有几种写法，回信署哪一个全称？",
        issuer_names,
        "",
        ("config.call",),
        lambda call: not call.replies.sender_name,
    ),
    PolicySpec(
        "deadline_moment",
        "截止日是休息日，是否顺延？",
        {"end_of_day": "不顺延，到当日24时", "next_working_day": "顺延到下一个工作日24时"},
        "end_of_day",
        ("config.policies",),
        lambda call: not is_working_day(last_day(call).date()),
    ),
    PolicySpec(
        "last_day",
        "“某日前”是否含当日？",
        {"included": "含当日", "excluded": "不含当日，到前一日24时"},
        "included",
        ("config.policies",),
        lambda call: "日前" in fold(call.window.clause.quote),
    ),
    PolicySpec(
        "late_mail",
        "截止后才收到的申报如何处理？",
        {"file_and_hold": "照常归档并标明，回信留待经办决定", "accept": "照常接收"},
        "file_and_hold",
        ("flows.checks.s01_received_in_time",),
    ),
    PolicySpec(
        "late_supplement",
        "截止前已申报、截止后补来的材料如何处理？",
        {"file_and_hold": "照常归档并标明，留待经办决定", "accept": "照常接收"},
        "file_and_hold",
        ("flows.checks.s01_received_in_time",),
    ),
    PolicySpec(
        "expired_title",
        "称号已过有效期是否算“已获评”？",
        {"accept": "算", "doubt": "交经办核实"},
        "doubt",
        ("flows.checks.q01_title_held",),
        lambda call: call.eligibility.must_be_valid is None,
    ),
    PolicySpec(
        "quota_per",
        "设区市各团体的推荐名额，是每个团体的还是每个市合计的？",
        {"body": "每个团体分别计算", "city": "每个市合计"},
        "body",
        ("store.filing.quotas",),
        lambda call: any(pool.key == "city" for pool in call.quota_pools),
    ),
    PolicySpec(
        "over_quota",
        "推荐数超过名额上限时如何处理？",
        {"flag": "只标出，由经办与推荐单位商定", "accept": "照常接收"},
        "flag",
        ("flows.checks.q02_route_open", "flows.steps.lists.quotas"),
        lambda call: bool(call.quota_pools),
    ),
    PolicySpec(
        "under_quota",
        "推荐数不足名额下限时如何处理？",
        {"ignore": "不提", "tell": "在批量报送回执中告知还差几家"},
        "ignore",
        ("flows.steps.lists.quotas",),
        lambda call: bool(call.quota_pools),
    ),
    PolicySpec(
        "member_recommended",
        "会员单位由推荐单位推荐时，是否占用推荐名额？",
        {"uses_quota": "占用", "free": "不占用"},
        "uses_quota",
        ("flows.checks.q02_route_open", "store.filing.quotas"),
        lambda call: any(route.key == "self" for route in call.routes),
    ),
    PolicySpec(
        "blank_recommender",
        "推荐单位栏空白、又没有会员名单可查时如何处理？",
        {"missing": "作为缺项请补填", "doubt": "交经办核实"},
        "missing",
        ("flows.checks.f06_recommender_filled",),
    ),
    PolicySpec(
        "more_than_three_photos",
        "照片超过通知写明的张数如何处理？",
        {"hint": "请申报单位指明用哪几张", "accept": "照收，不提"},
        "hint",
        ("flows.checks.p01_photo_count",),
    ),
    PolicySpec(
        "photos_in_report",
        "插在案例报告里的图片算不算所交照片？",
        {"not_counted": "不算", "doubt": "交经办核实"},
        "not_counted",
        ("flows.checks.p01_photo_count",),
    ),
    PolicySpec(
        "paper_deadline",
        "纸质件何时之前寄到？",
        {"unstated": "只请寄送，不写日期", "same_as_window": "与电子材料同日"},
        "unstated",
        ("flows.checks.n01_paper_booked",),
    ),
    PolicySpec(
        "scan_as_picture",
        "推荐表以照片或图片（JPG、HEIC 等）而不是 PDF 交来，算不算？",
        {"accept_with_hint": "收下，请改交 PDF，不判缺", "missing": "不算，请补交 PDF"},
        "accept_with_hint",
        ("flows.checks.f02_form_is_pdf",),
    ),
    PolicySpec(
        "e_seal_counts",
        "PDF 中的电子签章算不算加盖公章？",
        {"yes": "算", "staff": "交经办核实", "no": "不算，请加盖公章"},
        "staff",
        ("flows.checks.f03_form_stamped",),
    ),
    PolicySpec(
        "old_word_formats",
        "案例报告以 WPS、RTF、ODT、网页等可由 Word 打开的格式交来，算不算 word 格式？",
        {"accept": "算", "accept_with_hint": "收下，请另存为 docx，不判缺", "missing": "不算，请改交"},
        "accept_with_hint",
        ("flows.checks.r02_report_is_word",),
    ),
    PolicySpec(
        "second_case",
        "同一企业申报两件如何处理？",
        {"doubt": "分别立件，交经办决定", "accept": "分别立件，照常办理"},
        "doubt",
        ("flows.checks.s04_only_case", "flows.attribution.placing"),
    ),
    PolicySpec(
        "weekend_letters",
        "周末和法定节假日是否自动发补正信？",
        {"send": "照发", "wait": "等到下一个工作日"},
        "send",
        ("flows.replies.timing",),
    ),
    PolicySpec(
        "reminders_on_rest_days",
        "周末和法定节假日是否发送催补正和截止提醒？",
        {"no": "不发，截止提醒提前到前一个工作日", "yes": "照发"},
        "no",
        ("flows.replies.timing",),
    ),
    PolicySpec(
        "reminders_per_item",
        "同一缺项最多催几次（每次至少相隔5天，末次在截止前3天内）？",
        {"1": "一次，只在截止前3天内", "2": "两次", "3": "三次"},
        "2",
        ("flows.replies.reminders",),
    ),
    PolicySpec(
        "tell_firm_contacts",
        "推荐单位代报多家时，是否同时函告各企业？",
        {"recommender_only": "只回推荐单位，由其转告", "both": "材料或来信写明了企业联系邮箱的，另函告知"},
        "recommender_only",
        ("flows.steps.answer.tell_contacts",),
    ),
    PolicySpec(
        "inquiry_reply",
        "没有附件的咨询来信是否自动回复？",
        {"acknowledge": "告知已转经办", "staff_only": "不自动回复，只由人工答复"},
        "acknowledge",
        ("flows.replies.decide",),
    ),
    PolicySpec(
        "unauthenticated_reply",
        "收信服务器没有给出发件人验证结果（既非通过也非失败）时，回信可以说多少？",
        {
            "own_content": "只说对方自己发来的内容，掺有他人来信时只回“已收到”",
            "minimal": "一律只回“已收到”",
            "ordinary": "照常回信",
        },
        "own_content",
        ("flows.replies.decide",),
    ),
)

BY_KEY: dict[str, PolicySpec] = {spec.key: spec for spec in POLICIES}


def read(raw: object, faults: Faults) -> dict[str, Given]:
    """Return what a call's file says of its policies; whether each question arises in the call is seen later."""
    if not isinstance(raw, Mapping):
        faults.add("policies", "应为 [policies.名称] 各节，每节写 value 和 default_reason；请改写。")
        return {}
    check_keys(raw, tuple(BY_KEY), "policies", faults)
    found = {}
    for key, table in raw.items():
        spec = BY_KEY.get(key)
        if spec is None:
            continue
        if not isinstance(table, Mapping):
            faults.add(f"policies.{key}", "应为一节，写 value 和 default_reason；请改写。")
            continue
        given = build(Given, table, f"policies.{key}", faults)
        if given is not None:
            found[key] = given
            if not callable(spec.choices):
                _check_value(key, given.value, spec.choices, faults)
    return found


def settle(call: Call, given: Mapping[str, Given], faults: Faults) -> Call:
    """Return the call with every policy of the table, as its file gives it or by default, acting."""
    found = {}
    for spec in POLICIES:
        choices, asked = spec.choices_in(call), spec.asked_of(call)
        said = given.get(spec.key)
        if said is not None and not asked:
            faults.add(f"policies.{spec.key}", "通知已经写明，或者本次征集没有用到它的规则；请删去。")
        if said is not None and callable(spec.choices):
            _check_value(spec.key, said.value, choices, faults)
        value = said.value if said is not None else spec.default or next(iter(choices))
        reason = said.default_reason if said is not None else ""
        found[spec.key] = Policy(spec.key, spec.question, value, choices, reason, asked=asked)
    return _acting(replace(call, policies=found))


def decided(call: Call, values: Mapping[str, str], *, confirmed: bool = False) -> Call:
    """Return the call with these policies decided otherwise.

    A question that does not arise in this call, or a value that is none of its choices, stays as it was.
    """
    policies = dict(call.policies)
    for key, value in values.items():
        if key in policies and policies[key].asked and value in policies[key].choices:
            policies[key] = replace(policies[key], value=value, confirmed=confirmed)
    changed = replace(call, policies=policies)
    moved = any(call.policy(key) != changed.policy(key) for key in ("deadline_moment", "last_day"))
    return _acting(changed) if moved else changed


def _acting(call: Call) -> Call:
    """Return the call with its window closing when the policies say."""
    zone, last = call.window.timezone, last_day(call).date()
    if call.policy("last_day") == "excluded":
        last -= timedelta(days=1)
    if call.policy("deadline_moment") == "next_working_day":
        last = working_day_from(last)
    elif last == last_day(call).date():
        return replace(call, window=replace(call.window, closes=call.printed_closes))
    closes = datetime.combine(last + timedelta(days=1), time(), zone)
    return replace(call, window=replace(call.window, closes=closes))


def _check_value(key: str, value: str, choices: Mapping[str, str], faults: Faults) -> None:
    if value not in choices:
        faults.add(f"policies.{key}.value", f"应为 {'、'.join(choices)} 之一，现为“{value}”。")


def policies_page() -> str:
    """Return ``docs/policies.md``: every policy with its choices, for staff."""
    lines = [
        "# 口径",
        "",
        "由 `config/policies.py` 生成（`python -m config.policies > docs/policies.md`），请勿手改。",
        "通知没有写明之处，程序按口径办理：",
        "各次征集的取值写在 `call.toml` 的 `[policies.名称]`，没有写的按默认（表中加粗）；",
        "经办在“确认口径”中确认或更改，下一轮起生效。通知已经写明的，或者该次征集没有用到有关规则的，不问。",
        "程序不据以办理的问题不在此表，写在 `[[open_questions]]`。",
        "",
        "| 口径 | 问题 | 取值 |",
        "|---|---|---|",
    ]
    for spec in POLICIES:
        known = {} if callable(spec.choices) else spec.choices
        choices = "；".join(
            f"{f'**`{value}`**' if value == spec.default else f'`{value}`'} {meaning}"
            for value, meaning in known.items()
        )
        lines.append(f"| `{spec.key}` | {spec.question} | {choices or '`call.toml` 中的 issuer 或 issuer_aliases'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(policies_page())
