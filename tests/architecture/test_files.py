"""Rules of the house about files, tasks and actions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from config.celery import SLICES_WITH_TASKS
from config.celery import app as celery_app

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("config", "profiles", "archive", "cms")
LONGEST = 500


def sources(*names: str) -> list[Path]:
    return [path for name in names for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("path", sources(*OURS, "tests", "benchmarks"), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_is_longer_than_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_tasks_on_disk_are_the_tasks_registered() -> None:
    on_disk = {
        f"{package}.{path.parent.name}"
        for package in ("profiles", "archive")
        for path in (ROOT / package).glob("*/tasks.py")
    }
    assert on_disk == set(SLICES_WITH_TASKS)
    celery_app.loader.import_default_modules()
    names = {name for name in celery_app.tasks if not name.startswith("celery.")}
    scheduled = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert scheduled <= names
    declared = {
        decorator.args[0].value  # type: ignore[attr-defined]
        for package in ("profiles", "archive")
        for path in (ROOT / package).glob("*/tasks.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
    }
    assert declared == names


def action_files() -> list[Path]:
    return [
        path
        for package in ("profiles", "archive")
        for path in [*(ROOT / package).glob("*/actions.py"), *(ROOT / package).glob("*/actions/*.py")]
        if path.name != "__init__.py"
    ]


# These write no event of their own: they call an action that does, or they are the writing of events itself.
WITHOUT_EVENT = {
    "audit": {
        "record",
        "draft",
        "record_many",
        "record_each",
        "as_dict",
        "utc_text",
        "signing_key",
        "public_key",
        "seal",
    },
    "access": {"entitlement", "register", "reveal_identity"},
    "intake": {
        "claim",
        "at_work",
        "beat",
        "open_file",
        "open_table",
        "refuse_rows",
        "note_notices",
        "fail",
        "settle_columns",
        "make_fix_file",
    },
    "notices": {"deliver_waiting"},
    "people": {"open_archives", "propose_name", "propose_number", "propose_correction"},
    "evidence": {"nothing_half_stored", "scan_waiting", "note_written"},
    "records": {
        "rehearse_batch",
        "admit_batch",
        "admit_one",
        "notify_batch",
        "take_effect",
        "close_over",
        "record_fact",
        "rehearse_fact",
        "document_of",
        "discard_forgotten_drafts",
        "hand_in",
        "carry_out_change",
        "carry_out_merge",
        "undo_merge",
        "withdraw",
        "mark_repaired",
        "opt_out",
        "carry_out_approval",
        "reverse_batch",
        "rebuild_index",
    },
    "pledges": {"text_hash", "pledge_context"},
    "reports": {"issue", "add_waiting_stamps", "make_reports", "discard_bundles"},
    "oversight": {"carry_out"},
    "vetoes": {
        "check_person",
        "ask_about_list",
        "read_list",
        "answer_list",
        "slip_context",
        "catch_up",
        "close_lapsed",
        "enrol_watches",
        "erase_lists",
        "follow_recalls",
        "follow_watches",
        "mail_alerts",
        "make_result",
        "print_letter",
        "order_list",
        "carry_list",
        "as_file",
        "standing_of",
    },
    "api": {"once", "forget_requests"},
}
# These act on nobody's behalf: pure helpers beside the actions.
WITHOUT_ACTOR = {
    "audit": {"record_many", "as_dict", "utc_text", "signing_key", "public_key"},
    "access": {"entitlement"},
    "intake": {"beat", "open_file", "open_table", "refuse_rows", "note_notices"},
    "evidence": {"nothing_half_stored", "note_written"},
    "records": {"document_of"},
    "pledges": {"text_hash", "pledge_context"},
    "vetoes": {"slip_context", "as_file", "standing_of"},
}


def slice_of(path: Path) -> str:
    return path.parent.parent.name if path.parent.name in {"actions", "models"} else path.parent.name


@pytest.mark.parametrize("path", action_files(), ids=lambda path: f"{slice_of(path)}/{path.stem}")
def test_actions_say_who_acts_and_leave_an_event(path: Path) -> None:
    """One verb, one function: keyword-only, `by=` required, an event in the same transaction."""
    name = slice_of(path)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        keyword = {argument.arg for argument in node.args.kwonlyargs}
        if node.name not in WITHOUT_ACTOR.get(name, set()):
            assert not node.args.args, f"{node.name} takes positional arguments"
            assert "by" in keyword, f"{node.name} does not ask who acts"
            position = [argument.arg for argument in node.args.kwonlyargs].index("by")
            assert node.args.kw_defaults[position] is None, f"{node.name}: by= must be required"
        text = ast.unparse(node)
        if node.name not in WITHOUT_EVENT.get(name, set()):
            assert re.search(r"\b(_?record|record_many|record_each|_fail)\(", text), f"{node.name} leaves no event"
            decorated = any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
            assert decorated or "transaction.atomic()" in text, f"{node.name} is not atomic"


def test_exemptions_are_not_stale() -> None:
    functions = {
        (slice_of(path), node.name)
        for path in action_files()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    for table in (WITHOUT_EVENT, WITHOUT_ACTOR):
        for name, exempt in table.items():
            assert {(name, function) for function in exempt} <= functions


def test_only_a_slices_own_actions_write_its_tables() -> None:
    """`Model.objects.create` and its kin stand in the slice of the model (or in commands, demo and tests)."""
    verbs = {"create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
    homes = {
        node.name: slice_of(path)
        for package in ("profiles", "archive")
        for path in [*(ROOT / package).glob("*/models.py"), *(ROOT / package).glob("*/models/*.py")]
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    # batches and rows are moved along by the slices that say what the rows mean
    allowed = {("records", "Row"), ("demo", "Jurisdiction"), ("demo", "RoleGrant")}
    for path in sources("profiles", "archive"):
        place = next((part for part in path.parts[::-1][1:] if part not in {"actions", "views"}), "")
        place = "demo" if path.name == "demo.py" else place
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs:
                owner = ast.unparse(node.func.value)
                model = owner.split(".objects")[0]
                if ".objects" in owner and model in homes and homes[model] != place:
                    assert (place, model) in allowed, f"{path.relative_to(ROOT)} writes {model} of {homes[model]}"
