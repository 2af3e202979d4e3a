"""The flows of the desk are made from the table of operations: each told apart, found by Prefect, doing its own."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from prefect.exceptions import ParameterTypeError
from prefect.flows import load_flow_from_entrypoint

import flows.desk
from flows.cli.desk import desk
from flows.serve import deployments
from flows.steps.desk import forms
from flows.steps.desk.operations import OPERATIONS, Operation
from tests.desk.conftest import settings_of

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    made = deployments(settings_of(tmp_path_factory.mktemp("twins")))
    return {one.name: one for one in made if "经办" in one.tags}


def test_every_operation_has_a_description_of_its_own_in_chinese_that_says_more_than_its_title() -> None:
    described = {one.name: one.description for one in OPERATIONS}

    assert len(set(described.values())) == len(OPERATIONS)
    assert [name for name, words in described.items() if not re.fullmatch(r"[\u4e00-\u9fff].{8,}。", words)] == []
    assert [one.name for one in OPERATIONS if one.description.rstrip("。") == one.title] == []


def test_names_titles_and_attributes_are_of_one_operation_each() -> None:
    for told in ([one.name for one in OPERATIONS], [one.title for one in OPERATIONS]):
        assert len(set(told)) == len(told)
    assert len({one.__name__ for one in flows.desk.FLOWS}) == len(OPERATIONS)


def test_the_desk_has_one_deployment_for_each_operation_by_its_title_and_in_the_tables_order(
    deployed: dict[str, Any],
) -> None:
    assert [(name, one.flow_name) for name, one in deployed.items()] == [(one.title, one.title) for one in OPERATIONS]


@each_operation
def test_prefect_imports_the_operations_flow_from_its_deployment(
    operation: Operation, deployed: dict[str, Any]
) -> None:
    made = deployed[operation.title]
    loaded = load_flow_from_entrypoint(made.entrypoint)

    assert made.entrypoint == f"flows.desk.desk_{operation.name.replace('-', '_')}"
    assert loaded is flows.desk.FLOWS[OPERATIONS.index(operation)]
    assert (loaded.name, loaded.description, made.description) == (
        operation.title,
        operation.description,
        operation.description,
    )


@each_operation
def test_the_deployment_asks_for_the_operations_own_form(operation: Operation, deployed: dict[str, Any]) -> None:
    made = deployed[operation.title]
    schema = made._parameter_openapi_schema.model_dump()
    loaded = load_flow_from_entrypoint(made.entrypoint)

    assert inspect.signature(loaded.fn).parameters["form"].annotation is operation.form
    assert list(schema["properties"]) == ["form"]
    assert schema["required"] == ["form"]
    assert schema["properties"]["form"]["$ref"] == f"#/definitions/{operation.form.__name__}"
    assert list(schema["definitions"][operation.form.__name__]["properties"]) == list(operation.form.model_fields)


@each_operation
def test_a_run_is_named_after_the_submission_where_the_form_asks_for_one(operation: Operation) -> None:
    made = flows.desk.FLOWS[OPERATIONS.index(operation)]
    asked = "number" in operation.form.model_fields

    assert made.flow_run_name == operation.title + ("-{form.number}" if asked else "")


@each_operation
def test_each_flow_does_its_own_operation_and_no_other(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, forms.DeskForm]] = []
    monkeypatch.setattr(flows.desk, "_do", lambda name, form: done.append((name, form)) or "办了")
    form = operation.form.model_construct(by="李经办")

    assert flows.desk.FLOWS[OPERATIONS.index(operation)].fn(form) == "办了"
    assert done == [(operation.name, form)]


def test_what_the_ui_sends_becomes_the_operations_form_and_nonsense_is_refused() -> None:
    by_name = dict(zip((one.name for one in OPERATIONS), flows.desk.FLOWS, strict=True))
    sent = {"by": "李经办", "reason": "来电撤回", "number": "AL2026-0003"}

    assert by_name["withdraw"].validate_parameters({"form": sent}) == {"form": forms.AboutSubmission(**sent)}
    for name, wrong, field in (
        ("withdraw", {**sent, "number": "第三件"}, "number"),
        ("withdraw", {**sent, "code": "F03"}, "code"),
        ("rule", sent, "code"),
    ):
        with pytest.raises(ParameterTypeError, match=rf"form\.{field}"):
            by_name[name].validate_parameters({"form": wrong})


@each_operation
def test_the_command_line_tells_of_an_operation_in_the_same_words(operation: Operation) -> None:
    command = desk.commands[operation.name]

    assert command.help == f"{operation.title}。\n\n{operation.description}"
    assert command.get_short_help_str() == f"{operation.title}。"
