"""The one Celery application. Slices are named here because autodiscovery does not look below an app's top folder."""

import os

from celery import Celery  # noqa: TID251

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

SLICES_WITH_TASKS = [
    "profiles.audit",
    "archive.notices",
    "archive.records",
    "archive.vetoes",
    "archive.reports",
]

app = Celery("archive")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(SLICES_WITH_TASKS)
app.conf.beat_schedule = {
    "seal the trail": {"task": "trail.seal", "schedule": 10.0},
    "partitions ahead": {"task": "trail.partitions", "schedule": 24 * 3600.0},
    "deliver notices": {"task": "notices.deliver_waiting", "schedule": 60.0},
    "pick up left work": {"task": "records.pick_up_left_batches", "schedule": 60.0},
    "pick up left checks": {"task": "vetoes.pick_up_left_checks", "schedule": 60.0},
    "time stamps that wait": {"task": "reports.add_waiting_stamps", "schedule": 300.0},
    "pick up left reports": {"task": "reports.pick_up_left", "schedule": 60.0},
}
