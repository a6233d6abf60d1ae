"""Memory is the same for a hundred thousand rows and for a million; texts that wait are ciphertext."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from archive.intake.reading import strings
from archive.intake.reading.strings import PAGE, Strings
from tests.archive.books import write_large

READER = """
import io, json, re, sys, time
import django
django.setup()
from django.conf import settings
from django.core.files.base import File
from archive.intake.files import read_table, sniff
from archive.records.resources import EntrySheet
from profiles.common.storage import private_storage

settings.PRIVATE_ROOT = sys.argv[2]
with open(sys.argv[1], "rb") as file:
    name = private_storage().save("uploads/x", File(file))
# In MB. What getrusage tells of a process begins with the memory of the one that started it.
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

before = peak()
start = time.process_time()
with private_storage().reader(name) as file:
    table = read_table(file, sniff(file), EntrySheet.match, EntrySheet.required_headers())
    estimate, rows = table.rows_total, 0
    for number, cells in table:
        rows += 1
print(json.dumps({"rows": rows, "estimate": estimate, "last": cells["identity_number"], "seconds": time.process_time() - start,
                  "before": before, "peak": peak()}))
"""


def read(path: Path, folder: Path) -> dict[str, Any]:
    """Read a file in a process of its own, from its ciphertext."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READER, str(path), str(folder)],
        capture_output=True, check=True, env=environment, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.deep
def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(tmp_path: Path) -> None:
    found = {}
    for rows in (100_000, 1_000_000):
        path = tmp_path / f"{rows}.xlsx"
        write_large(path, rows)
        found[rows] = read(path, tmp_path / "private")
        assert found[rows]["rows"] == rows
        assert found[rows]["last"] == f"{110_000_000_000_000_000 + rows + 1}"
        assert 0.8 * rows < found[rows]["estimate"] < 1.2 * rows
    small, large = found[100_000], found[1_000_000]
    assert large["peak"] < 300, found
    assert large["peak"] - small["peak"] < 30, found
    assert large["seconds"] < 20 * small["seconds"], found


def test_texts_are_found_by_number_wherever_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "KEPT", 8)
    monkeypatch.setattr(strings, "IN_MEMORY", 4_096)
    store = Strings()
    texts = [f"文{number}" if number % 7 else "" for number in range(50 * PAGE + 5)]
    for start in range(0, len(texts), 1_000):
        store.extend(texts[start : start + 1_000])
    store.close_last_page()
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    assert all(store[number] == texts[number] for number in order)
    for number in (-1, len(texts), 10**9):
        with pytest.raises(IndexError):
            store[number]
    store._file.seek(0)
    assert "文8".encode() not in store._file.read()


def test_many_texts_are_never_held_as_objects() -> None:
    tracemalloc.start()
    store = Strings()
    for start in range(0, 400_000, 1_000):
        store.extend(f"{110_000_000_000_000_000 + number}" for number in range(start, start + 1_000))
    store.close_last_page()
    assert all(store[number] == f"{110_000_000_000_000_000 + number}" for number in range(0, 400_000, PAGE))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20
