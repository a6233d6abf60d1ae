"""How long the large world takes: 100,000 people with 500,000 entries."""

from collections.abc import Iterator

from benchmarks import world
from benchmarks.figure import Figure


def measure() -> Iterator[Figure]:
    yield Figure("bench_data_s", world.large(), "s", limit=120, note=f"{world.PEOPLE} people, {world.ENTRIES} entries")
