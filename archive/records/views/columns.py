"""As what the columns of a file are read: the clerk looks and corrects; the body's next file is read so too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from archive.intake import actions as intake
from archive.intake import columns
from archive.intake.files import Layout
from archive.intake.forms import ColumnsForm
from archive.intake.models import Batch, ColumnMemory
from archive.intake.problems import sentence
from archive.intake.workbooks import letter
from archive.records import tasks
from archive.records.resources import EntrySheet
from archive.records.sheet_template import title_of
from archive.records.views.batch_view import BatchView, steps
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt

HEADER_CHOICES = 30  # rows among which the header can be pointed at


def titles() -> dict[str, str]:
    return {name: str(title_of(field)) for name, field in EntrySheet.sheet_fields().items()}


def open_questions(batch: Batch) -> list[str]:
    """Why the file waits for the clerk, in sentences."""
    place = _Place(batch)
    asked = [sentence(problem.as_json()) for problem in place.questions()]
    several = any(remark["code"] == "second_table" for remark in batch.remarks)
    return [*([sentence(columns.SEVERAL.as_json())] if several else []), *asked]


class _Place:
    """A sheet and row of a file that might hold the header, with what names and memory make of its columns."""

    def __init__(self, batch: Batch, chosen: QueryDict | None = None) -> None:
        found = Layout.from_json(batch.layout or {})
        self.heads: list[columns.Head] = batch.survey or []
        self.said = ColumnMemory.objects.of_kind(batch.kind, organisation_id=batch.organisation_id)
        self.memory = self.said.fields()
        self.sheet = [head["name"] for head in self.heads].index(found.sheet)
        self.row = found.header_row
        if chosen:
            self.sheet = _number(chosen.get("sheet"), self.sheet, len(self.heads) - 1)
            self.row = _number(chosen.get("row"), self.row, max(len(self.heads[self.sheet]["rows"]), 1), least=1)
        self.head = self.heads[self.sheet]
        if (found.sheet, found.header_row) == (self.head["name"], self.row):
            self.layout = found
        else:
            match = columns.remembering(EntrySheet.match, self.memory)
            self.layout = columns.layout_at(self.head, self.row, match)
        self.columns = self.layout.columns
        self.headers = columns.headers_in(self.head, self.layout)
        self.samples = columns.samples_in(self.head, self.layout)
        self.shown = [
            position
            for position, header in enumerate(self.headers)
            if header or self.samples[position] or position in self.columns
        ]

    def _asked(self) -> dict[str, Any]:
        return {
            "headers": self.headers,
            "samples": self.samples,
            "columns": self.columns,
            "resource": EntrySheet,
            "memory": self.memory,
        }

    def questions(self) -> list[Any]:
        return columns.questions(**self._asked(), titles=titles())

    def suggested(self) -> dict[int, str]:
        return dict(columns.suggestions(**self._asked()))

    def form(self, data: QueryDict | None = None) -> ColumnsForm:
        return ColumnsForm(
            data,
            headers=self.headers,
            shown=self.shown,
            titles=titles(),
            required=list(EntrySheet.required_headers()),
            initial={
                ColumnsForm.name_of(position): name for position, name in {**self.suggested(), **self.columns}.items()
            },
        )

    @property
    def rows(self) -> list[tuple[int, str]]:
        """Rows among which the header can be chosen, by number and text."""
        first = enumerate(self.head["rows"][:HEADER_CHOICES], start=1)
        return [(number, " · ".join(text for text in row if text)[:80]) for number, row in first if any(row)]


def _number(text: str | None, default: int, most: int, *, least: int = 0) -> int:
    return min(max(int(text), least), most) if text and text.isascii() and text.isdigit() else default


class BatchColumns(BatchView):
    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/columns.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        place = self._place(batch, request.GET)
        if place is None:
            return redirect("records:batch", batch.code)
        return self.render_to_response(self._context(batch, place, place.form()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        place = self._place(batch, request.POST)
        if place is None:
            return redirect("records:batch", batch.code)
        form = place.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self._context(batch, place, form), status=422)
        layout = replace(place.layout, columns=form.chosen)
        if attempt(
            request,
            lambda: intake.set_columns(
                batch=batch,
                layout=layout,
                headers=place.headers,
                resource=EntrySheet,
                permission=Permission.UPLOAD_BATCH,
                by=request.user,
            ),
        ):
            after_commit(tasks.rehearse_batch, batch.pk)
        return redirect("records:batch", batch.code)

    def _place(self, batch: Batch, chosen: QueryDict) -> _Place | None:
        if batch.state not in {Batch.State.COLUMNS, *Batch.TO_DECIDE} or not batch.survey:
            return None
        return _Place(batch, chosen)

    def _context(self, batch: Batch, place: _Place, form: ColumnsForm) -> dict[str, Any]:
        said = {memory.key: memory for memory in place.said.select_related("set_by")}
        suggested = place.suggested()
        return {
            "batch": batch,
            "place": place,
            "form": form,
            "steps": steps(),
            "questions": [] if form.is_bound else [sentence(problem.as_json()) for problem in place.questions()],
            "columns": [
                {
                    "letter": letter(position),
                    "header": place.headers[position],
                    "samples": place.samples[position],
                    "field": form[ColumnsForm.name_of(position)],
                    "memory": said.get(columns.key_of(place.headers[position])),
                    "suggested": position in suggested,
                }
                for position in place.shown
            ],
        }


class ColumnForget(BatchView):
    """A column of the body is read by its name again."""

    permissions = (Permission.UPLOAD_BATCH,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        memory = get_object_or_404(
            ColumnMemory.objects.of_kind(batch.kind, organisation_id=batch.organisation_id), pk=self.kwargs["pk"]
        )
        attempt(
            request,
            lambda: intake.forget_column(memory=memory, permission=Permission.UPLOAD_BATCH, by=request.user),
            done=_("“%(header)s” is forgotten: in the next file its name counts again.") % {"header": memory.header},
        )
        return redirect("records:columns", batch.code)
