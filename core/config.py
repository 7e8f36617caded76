"""Settings: every environment variable that Yingsu reads, typed. `docs/settings.md` is written from here by machine."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Pooler(StrEnum):
    """What stands between us and PostgreSQL."""

    NONE = "none"
    TRANSACTION = "transaction"


class Settings(BaseSettings):
    """The settings of one process, read once at its start."""

    model_config = SettingsConfigDict(env_prefix="YINGSU_", extra="ignore", frozen=True)

    data: Path = Field(
        Path(".data"), description="Folder of the embedded server, the files and the development issuer."
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL (15 or newer) for requests; without it the embedded server in `YINGSU_DATA` is used.",
    )
    database_admin_url: SecretStr | None = Field(
        None,
        description="The same database for migrations, imports and other system work; by default `YINGSU_DATABASE_URL`.",
    )
    database_listen_url: SecretStr | None = Field(
        None,
        description="The same database, past any pooler, to hear of events for subscriptions; by default "
        "`YINGSU_DATABASE_ADMIN_URL`.",
    )
    database_pooler: Pooler = Field(Pooler.NONE, description="`transaction` behind PgBouncer in transaction mode.")
    database_pool_size: int = Field(
        10,
        ge=1,
        le=500,
        description="Connections that one process opens at most for queries, and as many again for acts.",
    )
    broker_url: SecretStr | None = Field(
        None,
        description="RabbitMQ (`amqp://…`) between `yingsu relay` and the workers; without it workers read the queue in PostgreSQL.",
    )
    clock: Path | None = Field(
        None,
        description="File that holds an ISO instant, which all processes then take as the time: for simulations only.",
    )
    worker_threads: int = Field(8, ge=1, le=64, description="Jobs that one worker runs at once.")
    worker_metrics_port: int | None = Field(
        None, ge=0, le=65535, description="Port on which a worker, scheduler or relay serves its own `/metrics`."
    )
    scheduler_seconds: float = Field(1.0, gt=0, le=3600, description="Seconds between two ticks of a scheduler.")
    job_retry_seconds: float = Field(
        5.0, gt=0, description="Seconds before the first retry of a failed job; each later one waits twice as long."
    )
    job_lease_seconds: float = Field(
        10.0,
        ge=1,
        le=300,
        description="Seconds without a sign of life after which others take over the messages of a worker.",
    )
    job_timeout: float = Field(900.0, gt=0, description="Seconds that one run of a job may take.")
    oidc_issuer: str | None = Field(
        None, description="Issuer of the bearer tokens (OpenID Connect); its keys are discovered."
    )
    oidc_audience: str = Field("yingsu", description="Audience that a token must name.")
    oidc_jwks_url: str | None = Field(None, description="Address of the issuer's keys, where discovery is not served.")
    object_store: str | None = Field(
        None, description="Where files lie: a folder, or `s3://bucket/prefix`; by default `files` in `YINGSU_DATA`."
    )
    file_limit: int = Field(200_000_000, ge=1, description="Largest file that may be uploaded, in bytes.")
    public_url: str | None = Field(
        None, description="Address under which browsers reach this server, for signed links."
    )
    cors_origins: list[str] = Field(default=[], description="Origins that may call the API from a browser (JSON list).")
    graphiql: bool = Field(False, description="Serve GraphiQL at /graphiql; `yingsu dev` turns it on.")
    body_limit: int = Field(1_000_000, ge=1_000, description="Largest request body, in bytes.")
    header_timeout: float = Field(
        10.0, gt=0, description="Seconds within which a request's line and headers must have arrived."
    )
    body_timeout: float = Field(10.0, gt=0, description="Seconds within which a request body must have arrived.")
    statement_timeout_ms: int = Field(
        10_000,
        ge=100,
        description="Longest run of one operation, and of each SQL statement of it, in milliseconds.",
    )
    introspection: bool = Field(
        True, description="Answer `__schema` and `__type`, and suggest names in errors; always only with a token."
    )
    limit_cost: int = Field(20_000, ge=100, description="Largest cost of one operation (`extensions.cost`).")
    limit_rows: int = Field(
        10_000, ge=100, description="Rows that the lists of one operation may answer, nested page sizes multiplied."
    )
    limit_depth: int = Field(20, ge=5, description="Deepest nesting of fields in one operation.")
    limit_aliases: int = Field(200, ge=0, description="Aliased fields of one operation, fragments spread.")
    limit_root_fields: int = Field(20, ge=1, description="Root fields of one operation, fragments spread.")
    limit_tokens: int = Field(10_000, ge=500, description="Lexical tokens of one document.")
    rate_limit_per_minute: int = Field(
        120_000, ge=0, description="Operations that one subject may ask of one process in a minute; 0 for no limit."
    )
    rate_limit_burst: int = Field(
        120_000, ge=1, description="Operations that one subject may ask at once, after a time of rest."
    )
    rate_limit_failures_per_minute: int = Field(
        6_000,
        ge=0,
        description="Requests of one address in a minute whose token is not believed; 0 for no limit.",
    )
    idempotency_hours: int = Field(
        24,
        ge=1,
        le=720,
        description="Hours for which a mutation with an `Idempotency-Key` is answered its first result.",
    )
    stream_heartbeat: float = Field(20.0, gt=0, description="Seconds between pings of a WebSocket or an event stream.")
    stream_sockets: int = Field(10_000, ge=1, description="WebSockets that one process holds.")
    stream_subscriptions: int = Field(100, ge=1, description="Operations that one WebSocket may have open.")
    stream_queue: int = Field(
        5_000, ge=1, description="Events that may wait for one subscriber; with more its stream is closed."
    )
    stream_resume_hours: float = Field(
        72.0, gt=0, description="Hours that a subscription can be resumed by its cursor."
    )
    stream_resume_events: int = Field(
        10_000, ge=1, description="Events of a city that are looked through for a resumed subscription."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Where mail is handed over: `smtps://user:password@host`, `smtp://` (STARTTLS), or `smtp+plain://` for a "
        "relay on the same machine; without it there is no e-mail.",
    )
    smtp_from: str = Field("应诉 <noreply@localhost.invalid>", description="Sender of mail.")
    smtp_domains: list[str] = Field(
        default=[], description="Domains that mail may go to (JSON list); empty for all of them."
    )
    smtp_seconds: float = Field(20.0, gt=0, le=60, description="Seconds within which one mail must be handed over.")
    webhook_private: bool = Field(
        False, description="Let webhooks lead to private addresses, and speak plain HTTP: for a network of one's own."
    )
    delivery_seconds: float = Field(5.0, gt=0, description="Seconds between looks for messages to send.")
    delivery_lease_seconds: float = Field(
        120.0, gt=0, description="Seconds after which a message is sent again whose sender has died."
    )
    delivery_retry_seconds: float = Field(
        60.0, gt=0, description="Seconds before the second attempt to send a message; four times as long after each."
    )
    delivery_attempts: int = Field(8, ge=1, le=20, description="Attempts to send a message.")
    feed_per_minute: int = Field(
        30, ge=0, description="Calendars that one address may fetch from one process in a minute; 0 for no limit."
    )
    grace_seconds: float = Field(10.0, ge=0, description="Seconds that SIGTERM leaves to running requests.")
    processes: int = Field(1, ge=1, le=64, description="API processes of `yingsu serve`; one a core is a good number.")
    host: str = Field("127.0.0.1", description="Address that the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the server listens on.")
