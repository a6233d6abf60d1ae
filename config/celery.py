"""The one Celery application. Slices are named here because autodiscovery does not look below an app's top folder."""

import os

from celery import Celery  # noqa: TID251
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

SLICES_WITH_TASKS = [
    "profiles.audit",
    "archive.notices",
    "archive.intake",
    "archive.evidence",
    "archive.records",
    "archive.vetoes",
    "archive.reports",
    "archive.oversight",
    "archive.api",
]

app = Celery("archive")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(SLICES_WITH_TASKS)
app.conf.beat_schedule = {
    "seal the trail": {"task": "trail.seal", "schedule": 10.0},
    "partitions ahead": {"task": "trail.partitions", "schedule": 24 * 3600.0},
    "deliver notices": {"task": "notices.deliver_waiting", "schedule": 60.0},
    "scan waiting evidence": {"task": "evidence.scan_waiting", "schedule": 60.0},
    "pick up left work": {"task": "records.pick_up_left_batches", "schedule": 60.0},
    "pick up left fix files": {"task": "intake.pick_up_left_fix_files", "schedule": 60.0},
    "close what is over": {"task": "records.close_over", "schedule": crontab(hour=0, minute=20)},
    "discard forgotten drafts": {"task": "records.discard_forgotten_drafts", "schedule": 24 * 3600.0},
    "pick up left approvals": {"task": "records.pick_up_left_approvals", "schedule": 60.0},
    "pick up left checks": {"task": "vetoes.pick_up_left_checks", "schedule": 60.0},
    "pick up left rehearsals": {"task": "vetoes.pick_up_left_rehearsals", "schedule": 60.0},
    "continuous checks": {"task": "vetoes.follow_watches", "schedule": 10.0},
    "pick up left continuous checks": {"task": "vetoes.pick_up_left_watches", "schedule": 60.0},
    "close continuous checks that are over": {
        "task": "vetoes.close_lapsed_watches",
        "schedule": crontab(hour=0, minute=40),
    },
    "answers that lost an entry": {"task": "vetoes.follow_recalls", "schedule": 15.0},
    "pick up left results": {"task": "vetoes.pick_up_left_results", "schedule": 60.0},
    "expire results": {"task": "vetoes.expire_results", "schedule": 3600.0},
    "erase checked lists": {"task": "vetoes.erase_lists", "schedule": crontab(hour=1, minute=10)},
    "time stamps that wait": {"task": "reports.add_waiting_stamps", "schedule": 300.0},
    "reports overtaken by changes": {"task": "reports.follow_feed", "schedule": 30.0},
    "pick up left reports": {"task": "reports.pick_up_left", "schedule": 60.0},
    "lists that go through": {"task": "vetoes.carry_left_lists", "schedule": 60.0},
    "forget old requests": {"task": "api.forget_requests", "schedule": 3600.0},
    "forget looks": {"task": "reports.forget_looks", "schedule": 60.0},
    "discard files of reports": {"task": "reports.discard_bundles", "schedule": 3600.0},
    "pick up left changes of law": {"task": "oversight.pick_up_left_law_changes", "schedule": 60.0},
}
