"""A worker process that makes the reports of a list: `python -m benchmarks.report_worker BUNDLE_ID [MARK …]`.

It says `ready` once its libraries and fonts are loaded, waits for a line, and ends when nothing is left. With marks it prints, as
JSON, its resident memory in MB when so many reports were made.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path


def _resident_mb() -> float:
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def main(bundle_id: int, marks: list[int]) -> None:
    import django

    django.setup()
    from archive.common import documents, signing
    from archive.reports import actions
    from profiles.common.permissions import System

    by, made, seen = System("bench"), 0, []
    signing.sign_pdf(documents.render_pdf('<html lang="zh-Hans"><p>预热</p></html>'), reason="x", location="y")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    # With marks a turn is one report, so that they can be counted.
    while actions.make_reports(bundle_id=bundle_id, by=by, **({"turn": 0} if marks else {})):
        made += 1
        if made in marks:
            seen.append(_resident_mb())
    actions.pack_bundle(bundle_id=bundle_id, by=by)
    if marks:
        sys.stdout.write(json.dumps(seen) + "\n")


main(int(sys.argv[1]), [int(mark) for mark in sys.argv[2:]])
