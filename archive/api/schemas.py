"""What the interface takes and gives, as types. No identity number and no name is ever given back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import ConfigDict

from archive.vetoes.models import Outcome, Post
from profiles.common.vocabulary import Event, Group

ROWS_MOST = 200_000

Name = Annotated[str, Field(min_length=1, max_length=200, description=_("As on the card, in Chinese characters."))]
Number = Annotated[str, Field(min_length=1, max_length=60, description=_("Identity number, 18 characters."))]


class Question(Schema):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    group: Group = Field(description=_("Key group, for example TEA (teacher)."))
    event: Event = Field(description=_("Event, for example access or annual_review."))
    post: Post | Literal[""] = Field("", description=_("Only for the event post."))
    matter_number: str = Field(
        min_length=1,
        max_length=60,
        description=_("Number of the application or file. It stands in the register; the person sees it."),
    )

    @property
    def asked(self) -> dict[str, str]:
        """As the actions of checks take it."""
        return {
            "group": str(self.group),
            "event": str(self.event),
            "post": str(self.post) if self.event == Event.POST else "",
            "matter_number": self.matter_number,
        }


class PersonQuestion(Question):
    name: Name
    identity_number: Number


class RowIn(Schema):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(max_length=200)]
    identity_number: Annotated[str, Field(max_length=60)]


class ListQuestion(Question):
    rows: list[RowIn] = Field(
        max_length=ROWS_MOST, description=_("The first row is row 2 of the answers, as in a sheet with a header.")
    )


class BasisOut(Schema):
    code: str
    title: str
    articles: str


class FindingOut(Schema):
    model_config = ConfigDict(json_schema_extra={"description": _("What a rule says of one entry.")})

    rule: str = Field(description=_("Code of the rule."))
    version: int
    name: str
    effect: Literal["BLOCK", "COND", "REVIEW", "NOTE"]
    why: str
    until: dt.date | None = Field(description=_("Last day on which it holds; null: no end known or in law."))
    doubt: str = Field(description=_("Why a person has to look; empty where the rule is certain."))
    bases: list[BasisOut]


class AnswerOut(Schema):
    answer: str = Field(description=_("Code of the answer."))
    row: int
    outcome: Outcome
    outcome_text: str
    findings: list[FindingOut]
    remarks: list[str]


class PersonAnswerOut(AnswerOut):
    check: str = Field(description=_("Code of the check."))
    group: Group
    event: Event
    post: str
    matter_number: str
    known_at: dt.datetime = Field(description=_("As known at this moment; a re-run gives the same."))
    day: dt.date = Field(description=_("Judged for this day."))


ListState = Literal["received", "reading", "answering", "answered", "refused", "failed", "cancelled"]


class ListOut(Schema):
    check: str
    state: ListState
    rows_total: int
    rows_done: int
    unreadable: int
    counts: dict[str, int] = Field(description=_("Outcome → number of rows, once answered."))
    remarks: list[str] = Field(
        description=_("What there is to say about the list as a whole, for example why it was refused.")
    )


class AnswersOut(Schema):
    check: str
    answers: list[AnswerOut]
    next_after: int | None = Field(description=_("Send as “after” for the next page; null: this was the last."))


class FaultyField(Schema):
    field: str
    fault: str


class ProblemOut(Schema):
    model_config = ConfigDict(json_schema_extra={"description": _("Problem details (RFC 9457).")})

    type: str
    title: str = Field(description=_("One sentence: what is wrong and what to do."))
    status: int
    code: str = Field(description=_("For programs; never changes its meaning."))
    fields: list[FaultyField] = []


def json_schema(model: type[Schema]) -> dict[str, Any]:
    return model.model_json_schema(ref_template="#/components/schemas/{model}")
