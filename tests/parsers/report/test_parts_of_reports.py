"""The parts of a report: right or unclear, never wrong though certain, and never called absent where they stand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from pydantic import TypeAdapter

from config.load import load_call
from flows.demo.prose import paragraphs
from flows.demo.reports import chart, make_report
from parsers.facts.context import ReadContext
from parsers.facts.looks import Look, PartVerdict, ReportFacts
from parsers.facts.spool import MemorySpool
from parsers.look.word_files import look_at_word
from parsers.report.part_names import Strength, meaning
from tests.parsers.report.conftest import CALL
from tests.parsers.report.made_word import MadeWord, paragraph, said
from tests.parsers.report.manners import (
    HEADINGS,
    INSIGHT,
    INTRO,
    NAMINGS,
    OVERVIEW,
    PARTS,
    PRACTICE,
    Manner,
    Naming,
    Sample,
    Writer,
    named,
    sample,
)
from tests.parsers.report.unseen import THIRD, UNSEEN

REPORTS = 140
UNSEEN_REPORTS = 160


def read(made: Sample, context: ReadContext) -> ReportFacts:
    facts = look_at_word(made.data, "docx", MemorySpool(), context).report
    assert facts is not None
    return facts


def outcomes(made: Sample, facts: ReportFacts) -> Iterable[str]:
    """Name what happened to each part: ``right``, ``unclear``, or what was wrong."""
    for part in facts.parts:
        wanted = made.truth.words.get(part.name)
        if wanted is None:
            if part.verdict in {PartVerdict.CERTAIN, PartVerdict.LIKELY}:
                yield f"invented {part.name}"
        elif part.verdict is PartVerdict.UNCLEAR:
            yield "unclear"
        elif part.verdict in {PartVerdict.ABSENT, PartVerdict.NOT_REQUIRED}:
            yield f"called missing: {part.name}"
        elif abs(part.words - wanted) <= 0.1 * wanted + 15:
            yield "right"
        else:
            yield f"{part.verdict.value} but wrong: {part.name} {part.words} for {wanted}"


@pytest.fixture(scope="module")
def known(context: ReadContext) -> list[tuple[Sample, ReportFacts]]:
    return [(made, read(made, context)) for made in map(sample, range(REPORTS))]


def test_the_made_reports_come_in_as_many_manners_as_promised(known: list[tuple[Sample, ReportFacts]]) -> None:
    assert len(known) >= 120
    assert len({made.what for made, _ in known}) >= 120
    assert all(any(f"headings='{manner}'" in made.what for made, _ in known) for manner in HEADINGS)


@pytest.mark.parametrize("manner", HEADINGS)
def test_no_part_is_wrong_or_called_missing_in_any_manner(manner: str, known: list[tuple[Sample, ReportFacts]]) -> None:
    own = [(made, facts) for made, facts in known if f"headings='{manner}'" in made.what]
    found = [(made.what, out) for made, facts in own for out in outcomes(made, facts)]
    wrong = [entry for entry in found if entry[1] not in {"right", "unclear"}]

    assert own
    assert wrong == []


def test_few_parts_stay_unclear(known: list[tuple[Sample, ReportFacts]]) -> None:
    counted = Counter(out for made, facts in known for out in outcomes(made, facts))

    assert counted["unclear"] < 0.1 * counted.total(), counted


def test_titles_are_right_or_left_open(known: list[tuple[Sample, ReportFacts]]) -> None:
    wrong = [(facts.title, made.truth.title) for made, facts in known if facts.title not in {"", made.truth.title}]
    open_ones = [made.what for made, facts in known if not facts.title]

    assert wrong == []
    assert len(open_ones) <= 3


def test_the_outline_holds_every_main_heading_at_the_first_level(known: list[tuple[Sample, ReportFacts]]) -> None:
    right = 0
    for made, facts in known:
        shown = [entry.text.replace(" ", "").replace("\u3000", "") for entry in facts.outline if entry.level == 1]
        wanted = [text.replace(" ", "").replace("\u3000", "") for text in made.truth.headings]
        right += all(any(text in one for one in shown) for text in wanted)

    assert right >= 0.9 * len(known)


@pytest.mark.slow
@pytest.mark.parametrize("namings", [UNSEEN, THIRD], ids=["second", "third"])
def test_namings_written_after_the_code_are_right_or_unclear(namings: tuple[Naming, ...], context: ReadContext) -> None:
    # As they came out the first time, 160 reports each, all titles right: of the second set 588 parts right and 42
    # unclear (6.7 %); of the third 600 right, 34 unclear (5.3 %), 4 wrong and 2 called absent that were there. The
    # code then learned to distrust headings that look like main ones and are left out; no name was added for them.
    results: Counter[str] = Counter()
    for seed in range(UNSEEN_REPORTS):
        made = sample(seed, namings)
        results.update(outcomes(made, read(made, context)))

    assert {out for out in results if out not in {"right", "unclear"}} == set()
    assert results["unclear"] < 0.25 * results.total(), results


@pytest.mark.slow
@pytest.mark.parametrize("namings", [NAMINGS, UNSEEN, THIRD], ids=["known", "second", "third"])
def test_texts_that_talk_about_nothing_in_particular_are_judged_by_their_headings(
    namings: tuple[Naming, ...], context: ReadContext
) -> None:
    # The same kind of sentences under every heading: no cue in the text helps, only names, order and length. The
    # unseen names came out the first time as 518 right, 109 unclear (17 %), 3 wrong; two faults in telling levels
    # apart were then found and mended.
    results: Counter[str] = Counter()
    for seed in range(80):
        made = sample(seed, namings, tone=PRACTICE)
        results.update(outcomes(made, read(made, context)))

    assert {out for out in results if out not in {"right", "unclear"}} == set()
    assert results["unclear"] < 0.3 * results.total(), results


PLAIN = Manner("bold-big", "一、")


def written(naming: Naming, manner: Manner = PLAIN, seed: int = 5) -> Sample:
    return Writer(naming, manner, seed).write()


def verdicts(facts: ReportFacts) -> dict[str, str]:
    return {part.name: part.verdict.value for part in facts.parts}


@pytest.mark.parametrize("missing", [INTRO, OVERVIEW, INSIGHT])
def test_a_part_that_is_truly_missing_is_called_absent(missing: str, context: ReadContext) -> None:
    heads = dict(zip(PARTS, ("引言", "企业概况", "特色实践", "经验启示"), strict=True)) | {missing: ""}
    facts = read(written(named(*heads.values())), context)

    assert verdicts(facts) == {part: "absent" if part == missing else "certain" for part in PARTS}


def test_the_scheme_of_the_notices_body_needs_no_introduction(context: ReadContext) -> None:
    facts = read(written(named("", "基本情况", "做法成效", "经验模式")), context)

    assert verdicts(facts) == {INTRO: "not-required", OVERVIEW: "certain", PRACTICE: "certain", INSIGHT: "certain"}


def test_a_missing_part_is_left_open_where_a_heading_could_be_it(context: ReadContext) -> None:
    # 写给读者的话 might be the insight; nobody is told that it is missing.
    facts = read(written(named("引言", "企业概况", "特色实践|写给读者", "")), context)

    assert verdicts(facts)[INSIGHT] in {"unclear", "likely"}


def test_a_missing_part_is_left_open_where_a_short_line_speaks_of_it(context: ReadContext) -> None:
    made = Writer(named("引言", "企业概况", "特色实践", ""), PLAIN, 5)
    writer_body = made.write()
    facts = read(writer_body, context)
    assert verdicts(facts)[INSIGHT] == "absent"

    other = Writer(named("引言", "企业概况", "特色实践", ""), PLAIN, 5)
    other.blocks.append(said("以上经验供同行参考"))
    moved = other.write()

    assert verdicts(read(moved, context))[INSIGHT] == "unclear"


def test_a_combined_heading_is_never_certain_for_either_part(context: ReadContext) -> None:
    facts = read(written(named("引言", "企业概况及特色实践", "", "经验启示")), context)

    found = verdicts(facts)
    assert found[INTRO] == found[INSIGHT] == "certain"
    assert {found[OVERVIEW], found[PRACTICE]} <= {"unclear", "likely"}


@pytest.mark.parametrize(
    "words", ["创新", "转型升级", "特色化", "发展", "企业", "本案例", "经验", "与", "的", "推广借鉴"]
)
def test_no_heading_however_made_takes_long_to_judge(words: str) -> None:
    # Sixty characters that fit a repeated group of words in many ways would never come to an end.
    for tail in ("", "者", "某某"):
        assert meaning((words * 40)[: 58 - len(tail)] + tail) is not None


def test_a_text_without_headings_is_unclear_and_never_absent(context: ReadContext) -> None:
    word = MadeWord()
    word.add(*(said(text) for text in paragraphs(random.Random(4), 3000, PRACTICE, "浙江远衡精密机械有限公司", "轴承")))
    facts = read(Sample(word.save(), written(NAMINGS[0]).truth, ""), context)

    assert PartVerdict.ABSENT not in {part.verdict for part in facts.parts}
    assert PartVerdict.CERTAIN not in {part.verdict for part in facts.parts}


def test_nothing_is_absent_in_a_scanned_report_inside_word(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("扫描件"), *(paragraph(word.picture(chart(900, 1200, seed=n))) for n in range(4)))
    facts = read(Sample(word.save(), written(NAMINGS[0]).truth, ""), context)

    assert facts.images_only
    assert {part.verdict for part in facts.parts} == {PartVerdict.UNCLEAR}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("【引　言】", INTRO),
        ("引言（Introduction）", INTRO),
        ("背景与意义", INTRO),
        ("企业概况：三十年磨一剑", OVERVIEW),
        ("三十年磨一剑——企业概况", OVERVIEW),
        ("公司基本情况介绍", OVERVIEW),
        ("企业背景", OVERVIEW),
        ("主要做法与成效", PRACTICE),
        ("典型经验做法", PRACTICE),
        ("做法成效", PRACTICE),
        ("经验模式", INSIGHT),
        ("启示与思考", INSIGHT),
        ("给同行的启示", INSIGHT),
    ],
)
def test_headings_mean_their_part_plainly(text: str, part: str) -> None:
    assert meaning(text).plain == part


@pytest.mark.parametrize("text", ["背景与概况", "企业概况及特色实践", "实践与启示"])
def test_headings_for_two_parts_are_plain_for_neither(text: str) -> None:
    assert meaning(text).plain == ""
    assert meaning(text).combined


@pytest.mark.parametrize("text", ["概述", "案例简介", "典型经验", "发展模式"])
def test_headings_of_two_readings_are_weak_for_both(text: str) -> None:
    assert set(meaning(text).strengths.values()) == {Strength.WEAK}
    assert len(meaning(text).strengths) == 2


@pytest.mark.parametrize("text", ["坚持创新，十年磨一剑", "聚焦主业", "浙江远衡精密机械有限公司", "数字赋能"])
def test_other_headings_name_no_part_plainly(text: str) -> None:
    assert meaning(text).plain == ""


def test_a_call_that_asks_for_no_parts_still_gets_title_and_outline() -> None:
    other = ReadContext(load_call(CALL.parent / "key-sme-2025"))
    facts = look_at_word(make_report(seed=1), "docx", MemorySpool(), other).report

    assert facts is not None
    assert facts.parts == ()
    assert facts.title == "以匠心深耕细分领域：专精特新发展之路"
    assert len(facts.outline) == 7


def test_what_was_read_can_be_kept_and_read_back(context: ReadContext) -> None:
    look = look_at_word(make_report(seed=2), "docx", MemorySpool(), context)
    form = TypeAdapter(Look)

    assert form.validate_json(form.dump_json(look)) == look
