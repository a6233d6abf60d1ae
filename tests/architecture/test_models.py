"""Rules of the house about models."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import factory
import pytest
from django.apps import apps
from django.db import models

import archive
import profiles
from tests import factories

OURS = ("profiles", "archive", "cms")


def own_models() -> list[type[models.Model]]:
    """Our models without the row history, which is made by the decorator."""
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if getattr(model, "pgh_tracked_model", None) is None
    ]


def test_every_slice_with_models_is_in_the_hub() -> None:
    """Django does not see a slice's models unless the app's models.py imports them."""
    for package in (profiles, archive):
        hub = import_module(f"{package.__name__}.models")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.ispkg or module.name in {"management", "migrations", "templatetags"}:
                continue
            try:
                slice_models = import_module(f"{package.__name__}.{module.name}.models")
            except ModuleNotFoundError:
                continue
            for name, value in vars(slice_models).items():
                concrete = isinstance(value, type) and issubclass(value, models.Model) and not value._meta.abstract
                if (
                    concrete
                    and value.__module__.startswith(slice_models.__name__)
                    and not hasattr(value, "pgh_tracked_model")
                ):
                    assert getattr(hub, name, None) is value, f"{value} is not imported by {hub.__name__}"


def test_every_model_has_a_factory() -> None:
    made = {
        value._meta.model
        for value in vars(factories).values()
        if isinstance(value, type) and issubclass(value, factory.Factory)
    }
    lacking = [model.__name__ for model in own_models() if model not in made]
    assert lacking == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_every_factory_makes_a_row(model: type[models.Model]) -> None:
    made = next(
        value
        for value in vars(factories).values()
        if isinstance(value, type) and issubclass(value, factory.Factory) and value._meta.model is model
    )
    row = made.build() if model.__module__.startswith("cms") else made()
    assert str(row)


def test_who_and_when_come_in_pairs() -> None:
    """A decision has a decider and a time: `x_by` beside `x_at`."""
    alone = []
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        for name in names:
            if name.endswith("_by") and f"{name[:-3]}_at" not in names:
                alone.append(f"{model.__name__}.{name}")
    # who asked stands beside when it was asked under another name
    assert sorted(alone) == ["Report.requested_by"]


def test_paired_fields_that_may_be_empty_are_paired_in_the_database() -> None:
    """Where both may be empty a constraint says: both or none."""
    for model in own_models():
        fields = {field.name: field for field in model._meta.local_concrete_fields}
        for name, field in fields.items():  # inherited fields are their library's
            if (model.__name__, name) == ("Delivery", "done_by"):
                continue  # an e-mail is delivered at a time, by nobody
            partner = fields.get(f"{name[:-3]}_at") if name.endswith("_by") else None
            if partner is None or not (field.null and partner.null):
                continue
            said = [str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
            assert any(name in text and partner.name in text for text in said), f"{model.__name__}.{name}"


def test_rows_about_persons_carry_the_person() -> None:
    """Data belong to a person (SCALE): every table about somebody has person_id, not null."""
    about = ["Record", "Entry", "Evidence", "HearingAnswer", "Service", "PersonStatement", "CheckFact", "Notice",
             "Authorisation", "QueryLine", "Pledge", "Report", "Change", "Membership", "IdentityDocument", "Decision",
             "Slip", "ReaderNotice", "Dispute", "Watch", "WatchAlert", "RecallTask"]  # fmt: skip
    by_name = {model.__name__: model for model in own_models()}
    for name in about:
        field = next(field for field in by_name[name]._meta.concrete_fields if field.attname == "person_id")
        assert not field.null, name


def test_the_check_index_can_be_distributed() -> None:
    """No foreign keys, no triggers, its key starts with the identity (SCALE, step 4)."""
    for name in ("CheckFact", "Watch"):
        model = apps.get_model("archive", name)
        assert not [field for field in model._meta.concrete_fields if field.remote_field]
        assert not getattr(model._meta, "triggers", [])
        assert model._meta.pk_fields[0].name == "identity_index"
