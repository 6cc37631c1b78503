"""A real installation behind TLS. Every value that matters must be set; no demo sign-ins."""

from poverty_pension.settings import env
from poverty_pension.settings.base import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
DEMO_SIGN_INS = False
FOLLOWS_DEMO_TIME = False
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=1)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = (
    "__Host-session"  # browsers take such a cookie over TLS only, for this host only, for all its addresses
)
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [
    r"^health/",
    r"^api/",
]  # called inside the host, without the proxy; refused by PlainApiMiddleware
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
