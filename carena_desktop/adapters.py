"""Makes the real adapters: the session over the network and the keyring, the call over the media process.

Part of the composition root, kept apart from the order of life and death. Nothing is imported before it is needed, so
that ``--self-test`` and ``--show-policy`` start fast.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carena_desktop.clock import Clock
from carena_desktop.config import Config
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.resolve import Policies
from carena_desktop.wayland import is_wayland

if TYPE_CHECKING:
    from carena_desktop.call.device_key import DeviceKey
    from carena_desktop.call.engine.child import EngineOptions
    from carena_desktop.call.engine.device_rules import DeviceRules
    from carena_desktop.call.link_secrets import LinkSecrets
    from carena_desktop.call.pin_store import PinStore
    from carena_desktop.call.ports import CallPort, MediaEngine
    from carena_desktop.call.recovery import Periods
    from carena_desktop.network.router import Router
    from carena_desktop.session.ports import SessionPort


@dataclass(frozen=True, slots=True)
class Known:
    """This computer's key, and what it knows of patients' keys: calls and waiting chats share them."""

    key: "DeviceKey"
    pins: "PinStore"
    links: "LinkSecrets"

    def verified(self, device: bytes) -> int | None:
        """Return when codes were compared between this computer's key and ``device``, ms since the epoch."""
        return self.pins.known(self._pair_with(device)) if device else None

    def remember(self, device: bytes, at_ms: int) -> None:
        """Keep that the codes were compared."""
        if device:
            self.pins.remember(self._pair_with(device), at_ms)

    def _pair_with(self, device: bytes) -> bytes:
        """A pin is of both keys: another key of ours was never compared with the patient's."""
        return self.key.private.public_key().public_bytes_raw() + device


def known_keys(config: Config, clock: Clock) -> Known:
    """Return them; a test or a demonstration leaves what the person's own files hold alone."""
    from carena_desktop.call.link_secrets import LinkSecrets  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.pin_store import PinStore  # noqa: PLC0415 - see the module's docstring

    key = device_key()
    folder = None if config.camera_device or config.microphone_device else config.state_dir
    return Known(
        key,
        PinStore(folder / "verified.json" if folder else None),
        LinkSecrets(folder / "links" if folder else None, key, clock.wall_ms),
    )


def real_session(config: Config, clock: Clock, router: "Router", policies: PolicyDesk, known: Known) -> "SessionPort":
    """Return the session over the network, with what the organization allows."""
    from carena_desktop.session.chat_trust import ChatTrust  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.rules import LiveRules, SiteRules  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.service import SessionService  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.wiring import real_world  # noqa: PLC0415 - see the module's docstring

    start = config.policies
    rules = SiteRules(start.items("AllowedServers"), start.items("AuthorityPins"), start.switch("RequireSecondFactor"))
    live = LiveRules(
        relay_only=lambda: policies.policies.switch("RelayOnly"),
        keep_signed_in=lambda: policies.policies.switch("KeepSignedIn"),
        on_change=lambda callback: policies.on_change(lambda _: callback()),
    )
    keys = ChatTrust(
        lambda: known.key.private,
        known.key.restore,
        known.links.of,
        known.verified,
        lambda device: known.remember(device, clock.wall_ms()),
    )
    world = real_world(config.config_dir, config.state_dir, router=router, rules=rules, live=live, keys=keys)
    return SessionService(world)


def _engine_options(config: Config, policies: Policies) -> "EngineOptions":
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - see the module's docstring

    from carena_desktop.call.engine.child import EngineOptions  # noqa: PLC0415 - see the module's docstring

    # X11 lets another process capture the screen; Wayland wants its portal, which needs no display of ours: what X11's
    # windows are kept for in a Wayland session would be black.
    platform = "xcb" if QGuiApplication.platformName() == "xcb" and not is_wayland() else ""
    return EngineOptions(
        platform=platform,
        rules=_device_rules(policies),
        crashes=str(config.log_dir / "crashes"),
    )


def _device_rules(policies: Policies) -> "DeviceRules":
    from carena_desktop.call.engine.device_rules import DeviceRules  # noqa: PLC0415 - see the module's docstring

    return DeviceRules(
        names=policies.items("AllowedDevices"),
        camera=policies.switch("AllowCamera"),
        screens=policies.switch("AllowScreenSharing"),
    )


def real_call(config: Config, clock: Clock, router: "Router", policies: PolicyDesk, known: Known) -> "CallPort":
    """Return the call whose media live in a process of their own."""
    from carena_desktop.call.choice_store import ChoiceStore  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.engine.host_process import ProcessEngine  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.files.vault import Vault  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.mute import DeviceChoice  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.service import CallService  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.tunnelled_engine import TunnelledEngine  # noqa: PLC0415 - see the module's docstring

    host = ProcessEngine(_engine_options(config, policies.policies))  # where the engine runs is this line
    policies.on_change(lambda now: host.permit(_device_rules(now)))
    engine: MediaEngine = TunnelledEngine(host, router.known)

    def profiles() -> tuple[str, ...] | None:
        return policies.policies.items("SrtpProfiles")

    def largest_file() -> int:
        now = policies.policies
        return now.number("MaxFileMegabytes") * 1024 * 1024 if now.switch("AllowFiles") else 0

    def relay_only() -> bool:
        return policies.policies.switch("RelayOnly")

    vault = Vault(config.state_dir / "received")
    if config.camera_device or config.microphone_device:  # a test or a demonstration: the person's own stays as it was
        devices = DeviceChoice(config.camera_device, config.microphone_device)
        return CallService(
            engine,
            devices,
            clock,
            device_key=known.key,
            pins=known.pins,
            links=known.links,
            srtp_profiles=profiles,
            vault=vault,
            most_file_bytes=largest_file,
            periods=lambda: _periods(config, policies.policies),
            relay_only=relay_only,
        )
    store = ChoiceStore(config.state_dir / "devices.json")
    return CallService(
        engine,
        store.load(),
        clock,
        remember=store.save,
        device_key=known.key,
        pins=known.pins,
        links=known.links,
        srtp_profiles=profiles,
        vault=vault,
        most_file_bytes=largest_file,
        periods=lambda: _periods(config, policies.policies),
        relay_only=relay_only,
    )


def _periods(config: Config, policies: Policies) -> "Periods":
    from carena_desktop.call.recovery import Periods  # noqa: PLC0415 - see the module's docstring

    keys, leg = policies.number("RenewKeysSeconds"), policies.number("RenewConnectionSeconds")
    return Periods(keys_s=config.renew_keys_s or keys, leg_s=config.renew_leg_s or leg)


def device_key() -> "DeviceKey":
    """Return this computer's key, kept in the keyring."""
    from carena_desktop.call.device_key import DeviceKey  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.credentials import KeyringCredentials  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.model import KeyringState  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.world import CredentialKey  # noqa: PLC0415 - see the module's docstring

    credentials, key = KeyringCredentials(), CredentialKey("device", "ed25519")

    async def load() -> str | None:
        _, kept = await credentials.load(key)
        return kept

    async def save(secret: str) -> bool:
        kept = await credentials.save(key, secret) is KeyringState.STORED
        credentials.close()
        return kept

    return DeviceKey(load, save)
