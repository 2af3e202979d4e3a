"""All rules, listed by hand (规则总表): a rule that is not here does not exist, and a test finds files left out."""

from __future__ import annotations

from pathlib import Path

from config.call import Call
from config.load import load_call
from flows.checks import (
    a01_all_readable,
    f01_form_present,
    f02_form_is_pdf,
    f03_form_stamped,
    f04_case_title_filled,
    f05_applicant_filled,
    f06_recommender_filled,
    f07_date_filled,
    f08_form_of_this_call,
    n01_paper_booked,
    p01_photo_count,
    p02_photo_captions,
    p03_photo_usable,
    q01_title_held,
    q02_route_open,
    r01_report_present,
    r02_report_is_word,
    r03_report_long_enough,
    r04_report_parts,
    r05_title_matches,
    r06_sources_noted,
    r07_nothing_secret,
    s01_received_in_time,
    s02_applicant_known,
    s03_seated_in_region,
    s04_only_case,
)
from flows.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    s01_received_in_time.RULE,
    s02_applicant_known.RULE,
    s03_seated_in_region.RULE,
    s04_only_case.RULE,
    f01_form_present.RULE,
    f02_form_is_pdf.RULE,
    f03_form_stamped.RULE,
    f04_case_title_filled.RULE,
    f05_applicant_filled.RULE,
    f06_recommender_filled.RULE,
    f07_date_filled.RULE,
    f08_form_of_this_call.RULE,
    r01_report_present.RULE,
    r02_report_is_word.RULE,
    r03_report_long_enough.RULE,
    r04_report_parts.RULE,
    r05_title_matches.RULE,
    r06_sources_noted.RULE,
    r07_nothing_secret.RULE,
    p01_photo_count.RULE,
    p02_photo_captions.RULE,
    p03_photo_usable.RULE,
    a01_all_readable.RULE,
    q01_title_held.RULE,
    q02_route_open.RULE,
    n01_paper_booked.RULE,
)

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def open_call(folder: Path) -> Call:
    """Load the call in this folder to work by it; ``CallFault`` with every fault, codes that no rule answers too."""
    return load_call(folder, {code: rule.of or "" for code, rule in BY_CODE.items()})
