"""How gunicorn serves and what it logs: method, path, status, time. Never who, never what for."""

accesslog = "-"
# %(U)s is the path without the query; no client address, referrer or user agent.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
