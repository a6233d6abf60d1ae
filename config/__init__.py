"""Composition: settings, URLs, the Celery application, the private PostgreSQL."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
