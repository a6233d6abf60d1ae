"""A result workbook lets go of its file; the row stays and says so."""

from __future__ import annotations

from archive.intake.models import let_go
from archive.vetoes.models import ResultFile


def let_go_of_result(result: ResultFile) -> None:
    let_go(result)
    result.state = ResultFile.State.EXPIRED
    result.save(update_fields=["file", "state"])
