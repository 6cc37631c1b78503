"""What gunicorn is told wherever it runs; how many workers and where to listen stands on its command line."""

from poverty_pension.primitives.logs import logging_settings

logconfig_dict = logging_settings()
preload_app = True
control_socket_disable = True
accesslog = None
timeout = 120
