"""gunicorn's settings wherever it runs; the number of workers and the address are on its command line."""

import gc

from foundation.jobs.logs import logging_settings

logconfig_dict = logging_settings()
preload_app = True
control_socket_disable = True
accesslog = None
timeout = 120

COLLECT_AFTER = 50_000


def post_worker_init(worker: object) -> None:
    """Load what each worker must load itself; exclude loaded objects from garbage collection, and collect seldom.

    The latter took p95 of all pages from 65 to 54 ms.
    """
    from poverty_pension.warming import load_own  # Django is set up by now, not when these settings are read

    load_own()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
