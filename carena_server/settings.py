"""What a site may decide: one immutable value, read from TOML and the command line, checked before anything starts.

It may not read the environment or hold a secret itself: secrets stand in files of their own, named here.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from carena_protocol import limits
from carena_protocol.rest import PolicyValue, Version

Seconds = Annotated[float, Meta(gt=0, le=366 * 86400)]


class SettingsError(ValueError):
    """The configuration can't be used; the text says where it is wrong."""


class TlsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site's own certificate; without one the server runs a local authority."""

    certificate: str | None = None
    key: str | None = None
    names: list[str] = []
    """Further host names and addresses for the local authority's certificate."""


class TurnSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TURN by coturn's shared secret (``use-auth-secret``), and STUN."""

    urls: list[str] = []
    secret_file: str | None = None
    ttl_s: Annotated[int, Meta(ge=60, le=86400)] = 3600
    stun: list[str] = []
    relay_only: bool = False


class PasswordSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Argon2id (RFC 9106) cost. The default is its section 4's second choice: 64 MiB, 3 passes."""

    memory_kib: Annotated[int, Meta(ge=8, le=4 * 1024 * 1024)] = 64 * 1024
    time_cost: Annotated[int, Meta(ge=1, le=64)] = 3
    parallelism: Annotated[int, Meta(ge=1, le=16)] = 1
    min_length: Annotated[int, Meta(ge=8, le=64)] = 12
    """Characters of a new password (NIST SP 800-63B section 3.1.1.2 asks for 8 at least)."""


class TokenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lifetimes."""

    access_ttl_s: Seconds = 300.0
    refresh_ttl_s: Seconds = 14 * 86400.0
    ticket_ttl_s: Seconds = 30.0
    reuse_grace_s: Annotated[float, Meta(ge=0, le=120)] = 30.0
    visit_ttl_s: Seconds = 12 * 3600.0


class QueueSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long an absent party is waited for."""

    place_grace_s: Seconds = limits.PLACE_GRACE_S
    clinician_grace_s: Seconds = 300.0


class DesktopSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What signed-in desktops are told."""

    version: Version | None = None
    """The version that people should have; their desktop says so. Without it this server's own."""
    locked: dict[str, PolicyValue] = {}
    """Policies (docs/admin/policies.md) that nobody on a workstation can loosen."""
    default: dict[str, PolicyValue] = {}
    """Values for those who have none of their own."""


class RetentionSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what is kept after a visit is closed."""

    closed_text_s: Annotated[float, Meta(ge=0, le=24 * 3600)] = 0.0
    """Name, reason and the like. 0: deleted with the visit. More allows to take back an end by mistake."""
    closed_visits_s: Annotated[float, Meta(ge=3600, le=10 * 366 * 86400)] = 30 * 86400.0
    """Times and outcomes, without names."""


class SecondFactorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which roles have to sign in with a second factor; the others may."""

    required_roles: list[Literal["clinician", "nurse", "administrator"]] = []


_LanguageTag = Annotated[str, Meta(pattern=r"^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class PortalSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the patient's page says in the site's own words, by language (``en``, ``es``)."""

    consent_files: dict[_LanguageTag, str] = {}
    emergency: dict[_LanguageTag, Annotated[str, Meta(min_length=1, max_length=300)]] = {}
    """What to do in an emergency, in place of the page's own sentence."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything ``--config`` may say."""

    listen: str = "127.0.0.1:8443"
    clinic: Annotated[str, Meta(min_length=1, max_length=120)] = "Clinic"
    public_url: str | None = None
    allowed_origins: list[str] = []
    consent_file: str | None = None
    """The English text, or the only one; further languages in ``portal.consent_files``."""
    portal: PortalSettings = PortalSettings()
    tls: TlsSettings = TlsSettings()
    turn: TurnSettings = TurnSettings()
    passwords: PasswordSettings = PasswordSettings()
    tokens: TokenSettings = TokenSettings()
    queue: QueueSettings = QueueSettings()
    retention: RetentionSettings = RetentionSettings()
    second_factor: SecondFactorSettings = SecondFactorSettings()
    desktop: DesktopSettings = DesktopSettings()


def load(path: Path | None) -> Settings:
    """Read the settings from a TOML file; the defaults without one.

    Relative paths in it are relative to the file. Raises SettingsError, which names the field and never its value.
    """
    if path is None:
        return Settings()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        settings = msgspec.convert(table, Settings)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{path}: {error}") from None
    return _checked(_anchored(settings, path.parent))


def listen_address(listen: str) -> tuple[str, int]:
    """Split ``HOST:PORT`` (``[::1]:8443`` for IPv6). Raises SettingsError."""
    host, separator, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - the last port
        raise SettingsError(f"listen: {listen!r} is not HOST:PORT")
    return host, int(port)


def turn_secret(settings: Settings) -> bytes | None:
    """Return the secret shared with the TURN server, or None where no relay is configured. Raises SettingsError."""
    if settings.turn.secret_file is None:
        return None
    try:
        secret = Path(settings.turn.secret_file).read_bytes().strip()
    except OSError:
        raise SettingsError(f"turn.secret_file: {settings.turn.secret_file} can't be read") from None
    if not secret:
        raise SettingsError("turn.secret_file: empty")
    return secret


def _anchored(settings: Settings, folder: Path) -> Settings:
    def anchor(value: str | None) -> str | None:
        return None if value is None else str(folder / value)

    replace = msgspec.structs.replace
    return replace(
        settings,
        consent_file=anchor(settings.consent_file),
        portal=replace(
            settings.portal,
            consent_files={language: str(folder / file) for language, file in settings.portal.consent_files.items()},
        ),
        tls=replace(settings.tls, certificate=anchor(settings.tls.certificate), key=anchor(settings.tls.key)),
        turn=replace(settings.turn, secret_file=anchor(settings.turn.secret_file)),
    )


def _checked(settings: Settings) -> Settings:
    listen_address(settings.listen)
    if (settings.tls.certificate is None) != (settings.tls.key is None):
        raise SettingsError("tls: certificate and key belong together")
    if settings.turn.urls and settings.turn.secret_file is None:
        raise SettingsError("turn: urls need a secret_file")
    if settings.turn.relay_only and not settings.turn.urls:
        raise SettingsError("turn: relay_only needs urls")
    origins = [*settings.allowed_origins, *([settings.public_url] if settings.public_url else [])]
    if any(not origin.startswith("https://") for origin in origins):
        raise SettingsError("public_url, allowed_origins: https only")
    return settings
