"""Settings of every installation; dev.py, test.py and production.py hold what differs."""

import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from foundation.jobs.limits import default_most_bytes
from foundation.jobs.logs import logging_settings
from poverty_pension.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
STATE_DIR = env.folder("STATE_DIR", BASE_DIR / "var")
DATA_DIR = env.folder("DATA_DIR", STATE_DIR / "data")  # files with personal data, mode 0700
KEYS = env.key_ring()
SECRET_KEY = KEYS.secret_key

INSTALLED_APPS = [
    "foundation.audit",
    "foundation.regions",
    "foundation.accounts",
    "foundation.signatures",
    "foundation.policy",
    "registry",
    "casework",
    "coverage",
    "enrollment",
    "payments",
    "nightly",
    "operations",
    "portal",
    "demo",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "foundation.web.middleware.RequestNumberMiddleware",
    "foundation.web.middleware.ContentSecurityPolicyMiddleware",
    "foundation.web.middleware.NoStoreMiddleware",
    "foundation.web.middleware.KnownMethodsMiddleware",
    "foundation.web.middleware.PlainApiMiddleware",
    "demo.middleware.RefuseDemoDatabase",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.web.odd_input.RefuseOddInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "foundation.accounts.body_limit.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "foundation.web.odd_input.RefuseOddFormsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.accounts.middleware.ActorMiddleware",
    "foundation.accounts.second_factor.SecondFactorMiddleware",
    "foundation.web.middleware.RequestLogMiddleware",
    "foundation.audit.middleware.HistoryContextMiddleware",
    "foundation.web.refusals.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "poverty_pension.urls"
WSGI_APPLICATION = "poverty_pension.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.navigation.page_frame",
            ],
        },
    }
]
FORM_RENDERER = "foundation.web.form_renderer.QuickSelects"

DATABASES = {"default": env.database(env.own_variable())}
DATABASE_ROLES = env.database_roles()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "")
BROKER_SECONDS = 2.0
"""So long a page waits for a broker or cache that does not answer: the row is the truth, the sweeper wakes a worker."""
SOCKET = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "OPTIONS": SOCKET}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
PGHISTORY_APPEND_ONLY = True
DATA_VOLUME_ENCRYPTED = env.flag(
    "DATA_VOLUME_ENCRYPTED", default=False
)  # declared by whoever deploys; check --deploy asks

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_CONTEXT_WORDS = [  # docs/security.md, "Words not in passwords"
    "pension", "poverty", "rural", "insurance", "county", "township", "village", "clerk", "reviewer", "approver", "finance", "supervisor",
    "official", "administrator", "admin", "auditor", "department", "welcome", "password", "yanglao", "baoxian", "shebao", "shehui",
    "fupin", "pinkun", "jingzhun", "renshe", "minzheng", "jingban", "fuhe", "shenpi", "ducha", "xianji", "chengxiang", "jumin",
    "养老", "保险", "社保", "扶贫", "贫困", "精准", "人社", "民政", "经办", "复核", "审批", "督查", "城乡", "居民", "密码",
]  # fmt: skip
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.CommonPasswordValidator",
        "OPTIONS": {"password_list_path": BASE_DIR / "foundation" / "accounts" / "common_passwords.txt.gz"},
    },
    {"NAME": "foundation.accounts.passwords.ContextWordsValidator", "OPTIONS": {"words": PASSWORD_CONTEXT_WORDS}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False  # django-axes locks out; a second lockout would confuse
ACCOUNT_SESSION_REMEMBER = False
SECOND_FACTOR_REQUIRED = True
SECOND_FACTOR_LIFTED_IF = "demo.marks.is_demo_database"  # consulted only where it is not required
MFA_ADAPTER = "foundation.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {"authenticate": "foundation.accounts.second_factor.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute each way: clocks of old phones
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_HANDLER = "foundation.accounts.lockout.LockoutHandler"
AXES_CLIENT_IP_CALLABLE = "foundation.accounts.client_address.client_address"
SIGN_IN_FAILURES_OF_AN_ACCOUNT = 20  # from all addresses together
SIGN_IN_FAILURES_OF_AN_ADDRESS = 30  # of all accounts together
TRUSTED_PROXIES = 0  # how many of ours append to X-Forwarded-For
FIRST_PASSWORD_DAYS = 7
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = sys.maxsize  # sign-in records are sealed and never deleted
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
SESSION_COOKIE_AGE = 10 * 3600
LONGEST_SESSION_SECONDS = 10 * 3600  # a working day with its break, however busy
IDLE_SIGN_OUT_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # forms and htmx take the token from the page
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
KNOWN_BROWSER_COOKIE_NAME = "known_browser"
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # a message may name a person: not in a cookie
)
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [STATE_DIR / "locale"]  # compiled from locale/*.po by `initialise`
USE_I18N = True
FORMAT_MODULE_PATH = ["foundation.web.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}

FILE_UPLOAD_HANDLERS = ["foundation.web.uploads.DiskUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)  # Django's checks need it
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 100

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["foundation.accounts.api.ClientTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["foundation.accounts.api.TokenAllowsVerb"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.web.api.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "foundation.web.api.openapi.RefusingSchema",
    "EXCEPTION_HANDLER": "foundation.web.problems.problem_json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Poverty pension API",
    "DESCRIPTION": "Coverage of poor persons in the resident pension, for other departments' systems.",
    "VERSION": "1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "GapKind": "casework.constants.GapKind",
        "PairDecision": "coverage.constants.PairDecision",
        "RelayedDecision": "coverage.api.possible_matches.RELAYED",
        "Scheme": "registry.constants.Scheme",
        "ApplicationKind": "enrollment.constants.ApplicationKind",
        "ApplicationState": "enrollment.constants.ApplicationState",
        "Channel": "enrollment.constants.Channel",
    },
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
}

CELERY_BROKER_URL = env.broker(REDIS_URL) or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "unacked_restore_throttle": 1,
    "max_retries": 0,  # of a page's connection: a hung broker would cost three time-outs
    **SOCKET,
}
CELERY_TIMEZONE = TIME_ZONE
WORKER_MOST_BYTES = env.number("WORKER_MOST_MEGABYTES", default=default_most_bytes() >> 20) << 20
"""What one child of the worker may allocate: a file or night that needs more ends with a sentence."""
CELERY_TASK_SOFT_TIME_LIMIT = env.number("WORKER_MOST_SECONDS", default=3600)  # raised in the work, which ends failed
CELERY_TASK_TIME_LIMIT = (
    CELERY_TASK_SOFT_TIME_LIMIT + 300
)  # a child that does not hear it is killed; the attempt counts
CELERY_WORKER_MAX_MEMORY_PER_CHILD = (
    WORKER_MOST_BYTES // 2 >> 10
)  # kB; a child that keeps so much is replaced after its task

LOGGING = logging_settings()
SILENCED_SYSTEM_CHECKS: list[str] = []
