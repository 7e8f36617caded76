"""Django's settings: the database of the benchmark, a pool as large as ours."""

from benchmarks.contestants.setting import CONNECTIONS, Setting

PARTS = Setting.read().dsn.removeprefix("postgresql://").replace("@", ":").replace("/", ":").split(":")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.contestants.django_site.site"
SECRET_KEY = "a benchmark signs nothing"
INSTALLED_APPS = ["benchmarks.contestants.django_site", "strawberry_django"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **dict(zip(("USER", "PASSWORD", "HOST", "PORT", "NAME"), PARTS, strict=True)),
        "OPTIONS": {
            "pool": {"min_size": CONNECTIONS, "max_size": CONNECTIONS, "timeout": 60},
            "options": "-c jit=off",
        },
    }
}
