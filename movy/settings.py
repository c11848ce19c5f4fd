"""Movy's settings, all from the environment (`.env.example` names every variable). Read by movy/checks.py too, which
refuses an unsafe start."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from movy import checks, env

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(BASE_DIR / ".env")

# ---- What kind of start this is

DEBUG = env.flag("DEBUG")
ALLOW_STANDINS = env.flag("ALLOW_STANDINS")
SECRET_KEY = env.text("SECRET_KEY", default="only-for-development-never-in-production" if DEBUG else "")

PORT = env.whole("PORT", default=8000)
BASE_URL = env.text("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="*" if DEBUG else urlsplit(BASE_URL).hostname or "")
HTTPS = urlsplit(BASE_URL).scheme == "https"
LIVE_PORT = env.whole("LIVE_PORT", default=PORT + 1)
LIVE_URL = env.web_address("LIVE_URL")  # empty: the same origin; movy/lib/live.py
LIVE_CONNECTIONS_MAX = env.whole("LIVE_CONNECTIONS_MAX", default=5000)  # maps open at one live process
LIVE_CONNECTIONS_PER_ADDRESS = env.whole("LIVE_CONNECTIONS_PER_ADDRESS", default=300)  # a mobile network shares one
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", default=0)

# ---- Who watches over it

METRICS_TOKEN = env.text("METRICS_TOKEN")  # empty: there is no /metrics
MAIL_KEPT_DAYS = env.whole("MAIL_KEPT_DAYS", default=30)  # after it was sent or given up; it has tickets and addresses
MESSAGES_KEPT_DAYS = env.whole("MESSAGES_KEPT_DAYS", default=90)  # Paystack's, after they were handled
SEATS_KEPT_DAYS = env.whole("SEATS_KEPT_DAYS", default=7)  # after a show; then bookings/folding.py

# ---- Money, holds, limits

HOLD_MINUTES = env.number("HOLD_MINUTES", default=10)  # minutes a seat waits for its payment; see docs/domain.md
RATE_LIMITS = env.flag("RATE_LIMITS", default=True)
API_READS_PER_MINUTE = env.whole("API_READS_PER_MINUTE", default=600)  # an account's; see movy/lib/limits.py
API_WRITES_PER_MINUTE = env.whole("API_WRITES_PER_MINUTE", default=300)  # a door with several scanners has one account
CALLBACK_ORIGINS = env.words("CALLBACK_ORIGINS")

# ---- Who Movy talks to

PAYSTACK_REAL_URL = "https://api.paystack.co"
PAYSTACK_BASE_URL = env.text("PAYSTACK_BASE_URL", default=PAYSTACK_REAL_URL).rstrip("/")
PAYSTACK_SECRET_KEY = env.text("PAYSTACK_SECRET_KEY", default="sk_test_movy_standin" if DEBUG else "")
TMDB_REAL_URL = "https://api.themoviedb.org"
TMDB_BASE_URL = env.text("TMDB_BASE_URL", default=TMDB_REAL_URL).rstrip("/")
TMDB_ACCESS_TOKEN = env.text("TMDB_ACCESS_TOKEN")
GOOGLE_BASE_URL = env.text("GOOGLE_BASE_URL").rstrip("/")
GOOGLE_CLIENT_ID = env.text("GOOGLE_CLIENT_ID")
GOOGLE_CLIENT_SECRET = env.text("GOOGLE_CLIENT_SECRET")
WEB_THREADS = env.whole(
    "WEB_THREADS", default=4
)  # blocking threads a web worker; deploy and scripts pass the same number
OUTSIDE_CALLS_MAX = max(1, WEB_THREADS // 2)  # threads that may wait for somebody else's server; the next gets its 502

checks.refuse_unsafe_start(
    debug=DEBUG,
    allow_standins=ALLOW_STANDINS,
    secret_key=SECRET_KEY,
    paystack_secret_key=PAYSTACK_SECRET_KEY,
    rate_limits=RATE_LIMITS,
    replaced={
        "PAYSTACK_BASE_URL": PAYSTACK_BASE_URL != PAYSTACK_REAL_URL,
        "TMDB_BASE_URL": TMDB_BASE_URL != TMDB_REAL_URL,
        "GOOGLE_BASE_URL": bool(GOOGLE_BASE_URL),
    },
)

# ---- Django

INSTALLED_APPS = [
    "movy",
    "accounts",
    "theatres",
    "catalog",
    "bookings",
    "payments",
    "movy.outbox",
    "movy.idempotency",
    "movy.apps.OfficeConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "movy.apps.StaticConfig",  # django.contrib.staticfiles
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "movy.middleware.Counted",
    "movy.lib.compress.Compressed",
    "movy.languages.Language",  # outside of what may refuse, or that would speak as the thread last did
    "movy.middleware.ApiAnswers",
    "movy.middleware.ApiRequests",
    "movy.middleware.DatabaseAway",
    "movy.middleware.StandinAddress",
    "movy.lib.static.StaticFiles",  # outside of what is for pages: that would be half of a small file
    "django.middleware.security.SecurityMiddleware",
    "movy.middleware.ContentPolicy",
    "movy.middleware.NoTrailingSlash",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "movy.public_pages.PublicPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "movy.urls"
WSGI_APPLICATION = "movy.wsgi.application"
APPEND_SLASH = False  # contract: no trailing slash, /admin/ apart; movy.middleware.NoTrailingSlash leads there
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

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
                "movy.context.site",
            ]
        },
    }
]

# ---- Data

DATABASES = {
    "default": environ.Env.db_url_config(env.text("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/var/movy.sqlite3"))
}
_database = DATABASES["default"]
DATABASE_READ_SECONDS = env.whole("DATABASE_READ_SECONDS", default=2)  # a 503 within 3 s; manage.py is more patient
_LOCK_SECONDS = min(10, max(1, DATABASE_READ_SECONDS - 1))  # for a row, and for a table that somebody alters
if _database["ENGINE"] == "django.db.backends.mysql":
    # Our own backend waits only once for a silent server. A restarted one must not cost each thread a failed request.
    _database |= {"ENGINE": "movy.lib.mysql", "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
    _database["OPTIONS"] = {
        "charset": "utf8mb4",
        "isolation_level": "read committed",
        "connect_timeout": 2,
        "read_timeout": DATABASE_READ_SECONDS,
        "write_timeout": DATABASE_READ_SECONDS,
        "init_command": "SET time_zone='+00:00', sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',"
        f" innodb_lock_wait_timeout={_LOCK_SECONDS}, lock_wait_timeout={_LOCK_SECONDS},"
        " group_concat_max_len=1000000",  # a seat map is one text (bookings/seats.py); MySQL would cut it at 1024
    }
    _database["TEST"] = {"CHARSET": "utf8mb4"}
else:
    _sqlite = Path(_database["NAME"])
    if not _sqlite.is_absolute():
        _sqlite = BASE_DIR / _sqlite
    _sqlite.parent.mkdir(parents=True, exist_ok=True)
    _database |= {"NAME": str(_sqlite), "TEST": {"NAME": str(_sqlite.with_name("test-movy.sqlite3"))}}
    _database["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;",
    }

REDIS_URL = env.text("REDIS_URL")
_LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_LIMITS = _LOCAL | {"LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 20_000}}  # a count each; 300 would be lost at once
_REDIS = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL}
_REDIS_SECONDS = {"SOCKET_CONNECT_TIMEOUT": 0.1, "SOCKET_TIMEOUT": 0.1}
# "default" counts rate limits (allauth's too): in Redis, and in the database while Redis is down, so that limits
# neither open nor lock everybody out. "pages" holds what can be made again: without Redis it forgets. "counters" counts
# the API's requests: without Redis in each process, for a row in the database at every request would be worse than a
# limit that is as many times higher as there are processes.
CACHES = (
    {
        "default": {"BACKEND": "movy.lib.cache.FallbackCache", "OPTIONS": {"FIRST": "redis", "THEN": "database"}},
        "redis": _REDIS | {"OPTIONS": _REDIS_SECONDS},
        "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "movy_cache"},
        "counters": {"BACKEND": "movy.lib.cache.FallbackCache", "OPTIONS": {"FIRST": "redis", "THEN": "process"}},
        "process": _LIMITS,
        "pages": _REDIS | {"OPTIONS": _REDIS_SECONDS | {"IGNORE_EXCEPTIONS": True}},
    }
    if REDIS_URL
    else {"default": _LIMITS, "counters": _LIMITS, "pages": _LOCAL | {"LOCATION": "pages"}}
)

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# ---- Accounts: allauth, at the contract's paths

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
    "activate_totp": "accounts.forms.AppAddForm",
}
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.GoogleSignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# By account first: whoever knocks at one that is full doesn't use up what a mobile network's one address may do.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = (
    {
        "login_failed": "5/5m/key,60/5m/ip",
        "login": "600/m/ip",
        "signup": "60/m/ip",
        "reset_password": "5/m/key,60/m/ip",
        "reset_password_from_key": "60/m/ip",
    }
    if RATE_LIMITS
    else False
)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "APPS": [{"client_id": GOOGLE_CLIENT_ID, "secret": GOOGLE_CLIENT_SECRET, "key": ""}]
        if GOOGLE_CLIENT_ID
        else [],
        "SCOPE": ["openid", "profile", "email"],
        "AUTH_PARAMS": {"access_type": "online"},
        "OAUTH_PKCE_ENABLED": True,
        "FETCH_USERINFO": False,
        "EMAIL_AUTHENTICATION": True,
    }
}
if GOOGLE_BASE_URL:  # read once, when allauth's provider is imported
    SOCIALACCOUNT_PROVIDERS["google"] |= {
        "AUTHORIZE_URL": f"{GOOGLE_BASE_URL}/o/oauth2/v2/auth",
        "ACCESS_TOKEN_URL": f"{GOOGLE_BASE_URL}/token",
        "IDENTITY_URL": f"{GOOGLE_BASE_URL}/oauth2/v2/userinfo",
        "CERTS_URL": f"{GOOGLE_BASE_URL}/oauth2/v1/certs",
        "ID_TOKEN_ISSUER": GOOGLE_BASE_URL,
    }
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp"]
MFA_TOTP_ISSUER = "Movy"
MFA_ADAPTER = "accounts.adapters.SecondStepAdapter"
OWNERS_NEED_SECOND_FACTOR = env.flag("OWNERS_NEED_SECOND_FACTOR")  # a theatre says so of its managers itself
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"  # noqa: S105
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True  # a token dies with its session, not minutes later
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 60 * 30
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 60 * 60 * 24 * 30

# ---- Mail: the backend is the outbox, the worker speaks SMTP

EMAIL_BACKEND = "movy.outbox.backend.OutboxBackend"
EMAIL_URL = env.text("EMAIL_URL", default="console:")
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", default=f"Movy <tickets@{urlsplit(BASE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---- Pages

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]  # each in its own name; docs/languages.md tells how to add one
LANGUAGE_COOKIE_NAME = "movy_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = "movy.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").is_file()  # movy/lib/static.py
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "movy.lib.static.StaticStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes; a larger JSON body is a 413
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "movy.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

_GOOGLE_PAGES = GOOGLE_BASE_URL or "https://accounts.google.com"
_PAYSTACK_PAGES = "https://checkout.paystack.com" if PAYSTACK_BASE_URL == PAYSTACK_REAL_URL else PAYSTACK_BASE_URL
# A stand-in on this machine is reached from other devices by the name that they asked Movy under.
_STANDIN_PAGES = [f"http://*:{urlsplit(base).port}" for base in (_GOOGLE_PAGES, _PAYSTACK_PAGES) if urlsplit(base).port]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, _PAYSTACK_PAGES, _GOOGLE_PAGES, *_STANDIN_PAGES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# ---- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["movy.lib.parsers.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,  # or OPTIONS would describe a view by its docstring
    "DEFAULT_THROTTLE_CLASSES": ["movy.lib.limits.AccountThrottle"],
    "EXCEPTION_HANDLER": "movy.lib.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,  # JSON is the only one
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "movy.lib.schema.ApiSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Movy",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["movy.schema.finish"],  # not the one that makes components of choices: their names clash
}

# ---- Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "movy.lib.log.JsonLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "plain": {"()": "movy.lib.log.PlainLines", "format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 404 is no news
    },
}
