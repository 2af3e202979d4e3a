"""Judge one field of the form (推荐表栏目): what F04 to F07 share.

A field is 缺失 only where the reader is certain that it is blank. What it is unsure of goes to staff with the
picture of the place, unless another source says the same in other words.
"""

from __future__ import annotations

from collections.abc import Callable

from config.call import Call
from flows.checks.concealed import PICTURES, opened
from flows.checks.say import doubt, missing, not_applicable, of_file, passed
from parsers.facts.leaf import Role
from parsers.facts.looks import FormField, FormKind
from parsers.text.firm_words import is_blank_word, says_self
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Evidence, Finding

Odd = Callable[[str], str]
"""Says in Chinese what is odd about a certain value; empty where nothing is."""


def paper(call: Call) -> str:
    """Return what the call names its form, for messages (推荐表, 申请表)."""
    return call.asked(Role.FORM).name


def unseen(code: str, dossier: Dossier, call: Call) -> tuple[Finding, ...] | None:
    """Return why no rule can look at the form's page; None where there is a form and its page was seen or tried."""
    file = dossier.form_file
    if file is None:
        return not_applicable(code, f"未收到{paper(call)}，见 F01。")
    if not opened(file):
        return not_applicable(code, f"{paper(call)}“{file.name}”无法打开，见 A01。", of_file(file))
    if file.type != "pdf" and file.type not in PICTURES and not (file.look and file.look.scan):
        return not_applicable(code, f"{paper(call)}“{file.name}”不是扫描件，见 F02。", of_file(file))
    return None


def judge(  # noqa: PLR0911 - one way out per state of the field
    code: str, key: str, dossier: Dossier, call: Call, *, odd: Odd, confirmed: bool = False, cure: str = ""
) -> tuple[Finding, ...]:
    """Judge the field ``key`` of the current form.

    ``confirmed`` says that another source agrees with an uncertain value. ``cure`` replaces the usual words for a
    blank field.
    """
    excuse, file, form = unseen(code, dossier, call), dossier.form_file, dossier.form
    name = call.form.field_names[key] if call.form else key
    if excuse is not None or file is None:
        return excuse or ()
    if form is None:
        return doubt(code, f"未能读出{paper(call)}“{file.name}”的“{name}”，请人工查看。", of_file(file))
    if form.kind in {FormKind.OLD, FormKind.OTHER}:
        return not_applicable(
            code, f"所报表格可能不是本次征集的{paper(call)}，见 F08。", of_file(file, words=form.title)
        )
    field: FormField = getattr(form, key)
    evidence = at(file, field, name)
    if field.certain and not field.value.strip():
        return blank(code, f"{paper(call)}“{file.name}”的“{name}”一栏", name, cure, evidence)
    if not field.value.strip():
        return doubt(code, f"未能读出“{name}”，请人工查看。", evidence)
    answered = not is_blank_word(field.value) or (key == "recommender" and says_self(field.value))
    if field.certain and not answered:
        return doubt(code, f"“{name}”填的是“{field.value}”，像是未填的样例，请人工核实。", evidence)
    strange = odd(field.value)
    if strange:
        return doubt(code, f"“{name}”为“{field.value}”：{strange}", evidence)
    if not field.certain and not confirmed:
        return doubt(code, f"“{name}”似为“{field.value}”{_as_read(field)}，未能确认，请人工核对。", evidence)
    return passed(code, f"“{name}”为“{field.value}”。", evidence)


def blank(code: str, place: str, name: str, cure: str, evidence: Evidence) -> tuple[Finding, ...]:
    """Say that the field is certainly blank."""
    return missing(
        code,
        f"{place}空白。",
        f"{place}没有填写",
        cure or f"请填写“{name}”，加盖公章后重新扫描发送。",
        evidence,
    )


def _as_read(field: FormField) -> str:
    """Say what stood there, where a known name or the likeliest day was put in its place (订正)."""
    return f"（页面上读作“{field.raw}”，系统订正）" if field.raw and field.raw != field.value else ""


def at(file: FiledFile, field: FormField, name: str) -> Evidence:
    """Return the place of a field, with its picture."""
    page = f"第{field.page}页“{name}”" if field.page else f"“{name}”"
    return of_file(file, page, field.value, field.crop)
