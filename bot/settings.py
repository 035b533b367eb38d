"""Settings from environment variables or a ``.env`` file; a wrong or missing one is one sentence that names it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MINIDORP_"

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
"""What a token from @BotFather looks like."""

SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
"""A secret of a webhook that Telegram takes, and nobody guesses."""
MAKING_ONE = "make one with: openssl rand -hex 32"

CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https://\S+|(?=.*\d)[^\n\r@]{10,200}")
"""An e-mail address, a web address, or a postal address, which has a number in it."""

SECRETS = ("token", "database_url", "webhook_secret", "metrics_token")
"""What may also stand in a file of its own, named by the same setting with ``_FILE`` behind it."""

SECRET_LINE = re.compile(
    rf"(?im)^[ \t]*(?:export[ \t]+)?{PREFIX}(?:"
    r"(?:TOKEN|WEBHOOK_SECRET|METRICS_TOKEN)[ \t]*=[ \t]*[^\s#]"
    # The address of a database holds one when a name stands in it with a password, before the host or as a word behind.
    r"|DATABASE_URL[ \t]*=[^\n]*(?:://[^@\s]*:[^\s]*@|[?&]password=))"
)
"""A line of ``.env`` that holds a secret."""

_BESIDE_THE_PACKAGE = Path(__file__).parent.parent


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one sentence with its name and the remedy."""


class Settings(BaseSettings):
    """How one bot runs. Every field is an environment variable with ``MINIDORP_`` in front of its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore")

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    database_url: SecretStr = Field(
        default_factory=lambda: SecretStr(
            f"sqlite+aiosqlite:///{Path(platformdirs.user_data_dir('minidorp')) / 'minidorp.sqlite3'}"
        )
    )
    database_url_file: Path | None = None
    knowledge: Path = _BESIDE_THE_PACKAGE / "knowledge"
    schedules: Path = _BESIDE_THE_PACKAGE / "schedules"
    school_region: Literal["Noord", "Midden", "Zuid"] = "Noord"
    confirm_above: int = Field(default=200, ge=1)
    privacy_contact: str | None = None
    forget_after_months: int = Field(default=12, ge=2, le=120)
    keep_questions_days: int = Field(default=90, ge=0, le=365)
    backup_within_days: int | None = Field(default=None, ge=1, le=366)
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    metrics_token: SecretStr | None = None
    metrics_token_file: Path | None = None
    web_host: str = "127.0.0.1"
    web_url: str | None = None
    web_port: int | None = Field(default=None, ge=0, le=65535)
    live: bool = False
    timezone: str = "Europe/Amsterdam"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    cache: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="before")
    @classmethod
    def _secrets_are_read(cls, values: dict[str, Any]) -> dict[str, Any]:
        # Validators of this kind run in reverse, so what is empty is still there.
        read = {}
        for name in SECRETS:
            path = values.get(f"{name}_file")
            if path:
                if values.get(name):
                    raise ValueError(f"{_variable(name)} and {_variable(name)}_FILE are both set; keep one of the two")
                read[name] = SecretStr(_read_secret(Path(path), f"{_variable(name)}_FILE"))
        return {**values, **read}

    @field_validator("api_url", "webhook_url", "web_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not _is_web_address(value):
            raise ValueError("is not an address such as https://example.org")
        return value

    @field_validator("webhook_secret", "metrics_token")
    @classmethod
    def _is_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError(f"is not made of 16 to 256 letters, digits, _ and -; {MAKING_ONE}")
        return value

    @field_validator("privacy_contact")
    @classmethod
    def _is_contact(cls, value: str | None) -> str | None:
        if value is not None and not CONTACT.fullmatch(value.strip()):
            raise ValueError("is no e-mail, web or postal address that people can write to, on one line")
        return value.strip() if value else None

    @field_validator("timezone")
    @classmethod
    def _is_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone; write it as Europe/Amsterdam") from error
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(f"{PREFIX}WEBHOOK_SECRET is missing while {PREFIX}WEBHOOK_URL is set; {MAKING_ONE}")
        return self

    def public_address(self) -> str | None:
        """Return the root under which people reach the web port, without a slash at its end: as it is set, or as that
        of the webhook; None when neither is known.
        """
        if self.web_url:
            return self.web_url.rstrip("/")
        if self.webhook_url:
            parts = urlsplit(self.webhook_url)
            return f"{parts.scheme}://{parts.netloc}"
        return None

    def needed_token(self) -> str:
        """Return the token. Raises ``SettingsError`` when it is not set, or does not look like one."""
        token = self.token.get_secret_value().strip() if self.token else ""
        if not token:
            raise SettingsError(f"{PREFIX}TOKEN is not set; ask @BotFather in Telegram for a token and set it")
        if not TOKEN.fullmatch(token):
            raise SettingsError(
                f"{PREFIX}TOKEN does not look like a token (123456:ABC…); copy it again from @BotFather"
            )
        return token


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _read_secret(path: Path, variable: str) -> str:
    """Return what stands in a file that nobody but its owner may open. Raises ``ValueError`` with one sentence."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            secret = file.read().strip()
    except UnicodeDecodeError:
        raise ValueError(f"{variable} is wrong ({path} is no text); write only the secret in it") from None
    except OSError as error:
        raise ValueError(
            f"{variable} is wrong ({path}: {error.strerror}); name a file that this user may read"
        ) from None
    if mode & OTHERS and not _is_credential(path):
        raise ValueError(
            f"{variable} is wrong ({path} may be used by others, its mode is {mode:03o}); give it mode 600: "
            f"chmod 600 {path}"
        )
    if not secret:
        raise ValueError(f"{variable} is wrong ({path} is empty); write the secret in it")
    return secret


def _is_credential(path: Path) -> bool:
    """Tell whether systemd put the file there (``LoadCredential=``), for this service alone.

    Since systemd 254 its right to read is an access list, which shows as a mode of 440.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and path.absolute().parent == Path(folder or "/").absolute()


def refuse_open_file(path: Path = Path(".env")) -> None:
    """Raise ``SettingsError`` when others than its owner may read secrets in the file of settings."""
    if is_open_with_a_secret(path):
        raise SettingsError(
            f"the file {path} holds a secret and may be used by others, its mode is "
            f"{stat.S_IMODE(path.stat().st_mode):03o}; give it mode 600: chmod 600 {path}"
        )


def is_open_with_a_secret(path: Path) -> bool:
    """Tell whether others than its owner may use a file of settings that holds a secret."""
    try:
        mode, text = stat.S_IMODE(path.stat().st_mode), path.read_text("utf-8", "replace")
    except OSError:
        return False
    return bool(mode & OTHERS) and SECRET_LINE.search(text) is not None


OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Every right of the group and of everybody else."""


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def read() -> Settings:
    """Return the settings. Raises ``SettingsError`` with one sentence about the first wrong one."""
    try:
        return Settings()
    except UnicodeDecodeError:
        raise SettingsError("the file .env is not text in UTF-8; save it as UTF-8") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise SettingsError(problem) from None
        name = f"{PREFIX}{str(first['loc'][0]).upper()}"
        raise SettingsError(f"{name} is wrong ({problem}); correct it in the environment or in .env") from None
