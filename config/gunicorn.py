"""How gunicorn serves the product, in containers, with `make run` and in measurements: `gunicorn --config python:config.gunicorn`.

Workers by WEB_CONCURRENCY, threads of each by WEB_THREADS.
"""

from __future__ import annotations

import gc
import os
from typing import Any

wsgi_app = "config.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
# A thread more lets a worker go on while the database works; with many they mostly take Python from each other.
threads = int(os.environ.get("WEB_THREADS", "2"))
preload_app = True
timeout = 60
loglevel = "warning"


def when_ready(server: Any) -> None:
    """What is loaded stays: workers share it, and their collections of garbage need not walk it."""
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A request makes thousands of objects that are gone when it ends; looking at each seven hundred finds nothing."""
    gc.set_threshold(20_000, 20, 50)
