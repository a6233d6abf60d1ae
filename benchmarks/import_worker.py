"""A worker of its own that carries a stored file from rehearsal to admission: seconds of both and its peak memory, as JSON.

`python -m benchmarks.import_worker BATCH_ID`; the settings come from the environment of the benchmark.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter


def _peak_mb() -> float:
    """Of this process alone: what getrusage says begins with what the parent had when it started us."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM")


def main(batch_id: int) -> None:
    import django

    django.setup()
    from archive.intake import actions as intake
    from archive.intake.models import Batch
    from archive.records import actions
    from profiles.common.permissions import Permission, System

    by = System("bench")
    started = perf_counter()
    actions.rehearse_batch(batch_id=batch_id, by=by)
    rehearsed = perf_counter()
    batch = Batch.objects.get(pk=batch_id)
    assert batch.state == Batch.State.READY, (batch.state, batch.error, batch.remarks)
    intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=batch.uploaded_by)
    confirmed = perf_counter()
    actions.admit_batch(batch_id=batch_id, by=by)
    admitted = perf_counter()
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE, (batch.state, batch.error)
    said = {
        "rehearsal": rehearsed - started,
        "admission": admitted - confirmed,
        "rss_mb": _peak_mb(),
        "counts": batch.counts,
    }
    sys.stdout.write(json.dumps(said) + "\n")


main(int(sys.argv[1]))
