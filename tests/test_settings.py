"""Settings: what is wrong or missing is one sentence that names it, and never shows a secret."""

from __future__ import annotations

import pytest

from bot import settings

pytestmark = pytest.mark.usefixtures("no_settings")


def test_without_any_setting_everything_but_the_token_is_there():
    chosen = settings.read()

    assert chosen.api_url == "https://api.telegram.org"
    assert chosen.timezone == "Europe/Amsterdam"
    assert (chosen.knowledge / "helplines.yaml").exists()
    assert not chosen.live
    assert chosen.webhook_url is None
    with pytest.raises(settings.SettingsError, match="MINIDORP_TOKEN is not set"):
        chosen.needed_token()


@pytest.mark.parametrize("name", sorted(settings.Settings.model_fields))
def test_a_setting_that_is_empty_counts_as_unset(monkeypatch, name):
    unset = settings.read()
    monkeypatch.setenv(f"MINIDORP_{name.upper()}", "")

    assert settings.read() == unset


def test_settings_come_from_a_file_too_and_the_environment_comes_first(no_settings, monkeypatch):
    (no_settings / ".env").write_text("MINIDORP_TIMEZONE=Europe/Brussels\nMINIDORP_WEB_PORT=80\n", encoding="utf-8")
    monkeypatch.setenv("MINIDORP_WEB_PORT", "81")

    chosen = settings.read()

    assert (chosen.timezone, chosen.web_port) == ("Europe/Brussels", 81)


def test_a_file_of_settings_that_is_no_text_is_one_sentence(no_settings):
    (no_settings / ".env").write_bytes(b"MINIDORP_TIMEZONE=\xff\xfe")

    with pytest.raises(settings.SettingsError, match=r"\.env is not text in UTF-8; save it as UTF-8"):
        settings.read()


def test_a_token_is_read_without_the_spaces_around_it(monkeypatch):
    monkeypatch.setenv("MINIDORP_TOKEN", " 123456:ABC-def_ghi\n")

    assert settings.read().needed_token() == "123456:ABC-def_ghi"


SECRET = "S3cr3t with spaces"

WRONG = [
    pytest.param({"PRIVACY_CONTACT": "later"}, "MINIDORP_PRIVACY_CONTACT", id="a contact nobody can write to"),
    pytest.param({"KEEP_QUESTIONS_DAYS": "366"}, "MINIDORP_KEEP_QUESTIONS_DAYS", id="questions kept for years"),
    pytest.param({"FORGET_AFTER_MONTHS": "1"}, "MINIDORP_FORGET_AFTER_MONTHS", id="no time to be asked in"),
    pytest.param({"TOKEN": ""}, "MINIDORP_TOKEN", id="no token"),
    pytest.param({"TOKEN": SECRET}, "MINIDORP_TOKEN", id="a token that looks like none"),
    pytest.param({"API_URL": "api.telegram.org"}, "MINIDORP_API_URL", id="an address without http"),
    pytest.param({"API_URL": "https://"}, "MINIDORP_API_URL", id="an address without a host"),
    pytest.param({"API_URL": "http://localhost:eighty"}, "MINIDORP_API_URL", id="an address with no port"),
    pytest.param(
        {"WEBHOOK_URL": "ftp://example.org", "WEBHOOK_SECRET": "only-telegram-knows"}, "MINIDORP_WEBHOOK_URL", id="ftp"
    ),
    pytest.param({"WEBHOOK_URL": "https://example.org/hook"}, "MINIDORP_WEBHOOK_SECRET", id="no secret"),
    pytest.param(
        {"WEBHOOK_URL": "https://example.org/hook", "WEBHOOK_SECRET": SECRET},
        "MINIDORP_WEBHOOK_SECRET",
        id="a secret that Telegram does not take",
    ),
    pytest.param(
        {"WEBHOOK_URL": "https://example.org/hook", "WEBHOOK_SECRET": "fifteen-letters"},
        "MINIDORP_WEBHOOK_SECRET is wrong (is not made of 16 to 256 letters, digits, _ and -; make one with: openssl",
        id="a secret that can be guessed",
    ),
    pytest.param({"METRICS_TOKEN": "prometheus"}, "MINIDORP_METRICS_TOKEN", id="a token that can be guessed"),
    pytest.param({"WEB_URL": "minidorp.example.org"}, "MINIDORP_WEB_URL", id="a public address without http"),
    pytest.param({"WEB_PORT": "eighty"}, "MINIDORP_WEB_PORT", id="a port in words"),
    pytest.param({"WEB_PORT": "65536"}, "MINIDORP_WEB_PORT", id="a port too high"),
    pytest.param({"TIMEZONE": "Europe/Zwolle"}, "MINIDORP_TIMEZONE", id="no time zone"),
    pytest.param({"TIMEZONE": "../zone"}, "MINIDORP_TIMEZONE", id="a time zone elsewhere"),
    pytest.param({"LIVE": "misschien"}, "MINIDORP_LIVE", id="neither yes nor no"),
    pytest.param({"LOG_LEVEL": "LOUD"}, "MINIDORP_LOG_LEVEL", id="no log level"),
]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        pytest.param({}, None, id="nothing is known"),
        pytest.param({"WEB_URL": "https://minidorp.example.org/"}, "https://minidorp.example.org", id="as it is set"),
        pytest.param(
            {"WEBHOOK_URL": "https://bot.example.org:8443/hook", "WEBHOOK_SECRET": "only-telegram-knows"},
            "https://bot.example.org:8443",
            id="where the webhook is",
        ),
        pytest.param(
            {
                "WEBHOOK_URL": "https://b.example.org/x",
                "WEBHOOK_SECRET": "only-telegram-knows",
                "WEB_URL": "https://a.example.org/town",
            },
            "https://a.example.org/town",
            id="what is set comes first",
        ),
    ],
)
def test_the_public_address_is_known_from_the_settings(monkeypatch, given, address):
    for name, value in given.items():
        monkeypatch.setenv(f"MINIDORP_{name}", value)

    assert settings.read().public_address() == address


@pytest.mark.parametrize(("wrong", "named"), WRONG)
def test_a_wrong_setting_is_one_sentence_that_names_it(monkeypatch, wrong, named):
    for name, value in wrong.items():
        monkeypatch.setenv(f"MINIDORP_{name}", value)

    with pytest.raises(settings.SettingsError) as caught:
        settings.read().needed_token()

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "contact", ["privacy@example.org", "https://example.org/privacy", "Voorbeeldlaan 1, 8044 ZZ Zwolle"]
)
def test_a_contact_is_an_address_that_people_can_write_to(monkeypatch, contact):
    monkeypatch.setenv("MINIDORP_PRIVACY_CONTACT", f" {contact} ")

    assert settings.read().privacy_contact == contact


SECRET_SETTINGS = [
    pytest.param("TOKEN", "123456:ABC-def_ghi", id="the token"),
    pytest.param("WEBHOOK_SECRET", "only-telegram-knows", id="the secret of the webhook"),
    pytest.param("METRICS_TOKEN", "only-prometheus-knows", id="the token of the metrics"),
    pytest.param("DATABASE_URL", "postgresql+asyncpg://minidorp:pass-word@db/minidorp", id="the database"),
]


@pytest.fixture
def kept(no_settings, monkeypatch):
    """Keep a secret in a file, named by its setting."""

    def kept(name: str, content: bytes, mode: int = 0o600):
        path = no_settings / "secret"
        path.write_bytes(content)
        path.chmod(mode)
        monkeypatch.setenv(f"MINIDORP_{name}_FILE", str(path))
        return path

    return kept


@pytest.mark.parametrize("mode", [0o600, 0o400])
@pytest.mark.parametrize(("name", "secret"), SECRET_SETTINGS)
def test_a_secret_may_stand_in_a_file_of_its_own(kept, name, secret, mode):
    kept(name, f"{secret}\n".encode(), mode)

    chosen = settings.read()

    assert getattr(chosen, name.lower()).get_secret_value() == secret
    assert secret not in repr(chosen)
    assert secret not in str(chosen.model_dump())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610])
@pytest.mark.parametrize(("name", "secret"), SECRET_SETTINGS)
def test_a_file_with_a_secret_that_others_may_use_is_refused_in_one_sentence(kept, name, secret, mode):
    path = kept(name, secret.encode(), mode)

    with pytest.raises(settings.SettingsError) as caught:
        settings.read()

    told = str(caught.value)
    assert f"MINIDORP_{name}_FILE" in told
    assert f"chmod 600 {path}" in told
    assert secret not in told
    assert "\n" not in told


def test_a_file_that_systemd_gives_this_service_alone_may_show_a_mode_of_440(kept, monkeypatch):
    path = kept("TOKEN", b"123456:ABC", 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))

    assert settings.read().needed_token() == "123456:ABC"


def test_a_file_elsewhere_is_refused_also_when_systemd_gives_others(kept, monkeypatch, tmp_path):
    kept("TOKEN", b"123456:ABC", 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "elsewhere"))

    with pytest.raises(settings.SettingsError, match="its mode is 440"):
        settings.read()


@pytest.mark.parametrize(("content", "told"), [
    pytest.param(b"", "is empty", id="nothing"),
    pytest.param(b" \n", "is empty", id="only space"),
    pytest.param(b"\xff\xfe", "is no text", id="no text"),
])  # fmt: skip
def test_a_file_without_a_secret_is_one_sentence(kept, content, told):
    kept("TOKEN", content)

    with pytest.raises(settings.SettingsError, match=rf"MINIDORP_TOKEN_FILE is wrong .*{told}"):
        settings.read()


def test_a_file_with_a_secret_that_is_not_there_is_one_sentence(monkeypatch):
    monkeypatch.setenv("MINIDORP_TOKEN_FILE", "/nowhere/token")

    with pytest.raises(settings.SettingsError, match=r"MINIDORP_TOKEN_FILE is wrong .*No such file"):
        settings.read()


def test_a_secret_in_two_places_is_refused(kept, monkeypatch):
    kept("TOKEN", b"123456:ABC")
    monkeypatch.setenv("MINIDORP_TOKEN", "654321:DEF")

    with pytest.raises(settings.SettingsError, match="MINIDORP_TOKEN and MINIDORP_TOKEN_FILE are both set"):
        settings.read()


def test_a_wrong_secret_from_a_file_is_not_shown(kept):
    kept("WEBHOOK_SECRET", SECRET.encode())

    with pytest.raises(settings.SettingsError, match="MINIDORP_WEBHOOK_SECRET") as caught:
        settings.read()

    assert SECRET not in str(caught.value)
