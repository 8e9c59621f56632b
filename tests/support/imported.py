"""What each process of tests/support/offspring.py begins with; imported by their parent alone."""

import gc

import celery.apps.worker
import celery.bin.celery
import celery.concurrency.prefork  # noqa: F401
import django

import manage  # noqa: F401
from cadre_portal.celery import app

django.setup()
app.finalize(auto=True)
# Collecting would touch, hence copy, all that the children share.
gc.collect()
gc.freeze()
