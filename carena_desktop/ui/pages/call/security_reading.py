"""What is true of a visit's protection, in words: sentences for everybody, then lines for IT; pure.

Nothing is said that was not measured: the path and the outer encryption come from the transport, the keys from the
leg's guard, the frames that could not be opened from their count.
"""

from dataclasses import dataclass, field
from typing import assert_never

from carena_desktop.call import suites
from carena_desktop.call.model import CallFigures, CallSnapshot, Path, SecurityView, Verification
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_protocol.e2ee.key_schedule import LinkUse


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence; ``tone`` is ok, warn, danger or neutral."""

    icon: str
    tone: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A name and a value, for whoever has to know exactly."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Protection:
    """The whole panel; no facts: there are no keys."""

    facts: tuple[Fact, ...] = ()
    lines: tuple[Line, ...] = ()


def protection(call: CallSnapshot, patient: str, wall_ms: int) -> Protection:
    """Return what is true of ``call`` with ``patient`` (a name or "") at ``wall_ms``."""
    security, figures = call.security, call.figures
    if security.verification is Verification.NONE:
        return Protection()
    who = text.isolate(patient) if patient else tr("the patient")
    facts = [
        Fact(
            "lock",
            "ok",
            tr("Picture, sound and chat are encrypted between you and {who}. The service has no key.").format(who=who),
        ),
        _verified(security, who),
        _link(security),
        _path(figures),
    ]
    if figures.unopened:
        facts.append(
            Fact("circle-alert", "warn", tr("%n frame(s) could not be opened. None was shown.", "", figures.unopened))
        )
    return Protection(tuple(facts), _lines(call, wall_ms))


def _verified(security: SecurityView, who: str) -> Fact:
    match security.verification:
        case Verification.VERIFIED if security.verified_at_ms is not None:
            when = text.date_of(security.verified_at_ms)
            words = tr("Verified with {who} on {date}, for these two devices.").format(who=who, date=when)
            return Fact("circle-check", "ok", words)
        case Verification.CHANGED:
            return Fact(
                "triangle-alert",
                "danger",
                tr("The patient's device is another one than earlier in this visit. Compare the safety code (C)."),
            )
        case _:
            words = tr("Not verified: compare the safety code (C) to be sure that nobody stands in between.")
            return Fact("circle-dot", "neutral", words)


def _link(security: SecurityView) -> Fact:
    if security.link_lost:
        words = tr("The visit link's secret protected this visit before and does not now. Compare the safety code (C).")
        return Fact("triangle-alert", "danger", words)
    match security.link:
        case LinkUse.USED:
            words = tr("The visit link's secret is part of the keys: only who has the link can take part.")
            return Fact("link", "ok", words)
        case LinkUse.UNKNOWN_TO_DESKTOP:
            words = tr("The visit link's secret is not used: the link was not made on this computer.")
            return Fact("link", "neutral", words)
        case LinkUse.ABSENT:
            return Fact("link", "neutral", tr("The visit link's secret is not used: the patient's page has none."))
        case _:
            assert_never(security.link)


def _path(figures: CallFigures) -> Fact:
    match figures.path:
        case Path.UNKNOWN:
            return Fact("signal", "neutral", tr("The path is being measured."))
        case Path.DIRECT:
            return Fact("signal", "ok", tr("Packets go directly between the two computers."))
        case Path.RELAYED:
            words = tr("Packets pass a relay. It sees how much is sent and when, and can open nothing.")
            return Fact("signal", "ok", words)
        case _:
            assert_never(figures.path)


def _lines(call: CallSnapshot, wall_ms: int) -> tuple[Line, ...]:
    security, figures = call.security, call.figures
    found = (
        Line(tr("Path"), _path_line(figures)),
        Line(tr("Outer encryption"), " · ".join(part for part in (figures.dtls_version, figures.dtls_cipher) if part)),
        Line(tr("SRTP profile"), figures.srtp_profile),
        Line(tr("Frames"), suites.FRAMES),
        Line(tr("Key agreement"), suites.HYBRID if security.is_post_quantum else suites.CLASSICAL),
        Line(tr("Keys"), _keys(security, wall_ms)),
        Line(tr("Connection", "leg"), _leg(call, wall_ms)),
        Line(tr("Spare connection"), tr("ready, through the relay; carries nothing") if call.has_spare else ""),
        Line(tr("Patient's device"), security.device),
        Line(tr("Frames not opened"), str(figures.unopened)),
    )
    return tuple(line for line in found if line.value)


def _path_line(figures: CallFigures) -> str:
    match figures.path:
        case Path.UNKNOWN:
            return ""
        case Path.DIRECT:
            return tr("direct")
        case Path.RELAYED if figures.relay:
            transport = suites.TRANSPORTS.get(figures.relay_transport, figures.relay_transport)
            return tr("relayed by {relay} over {transport}").format(relay=figures.relay, transport=transport)
        case Path.RELAYED:
            return tr("relayed at the patient's end")
        case _:
            assert_never(figures.path)


def _keys(security: SecurityView, wall_ms: int) -> str:
    if not security.epoch:
        return tr("being agreed on")
    words = tr("epoch {number}").format(number=security.epoch)
    if security.renews_at_ms is None:
        return words
    left = max(0, -(-(security.renews_at_ms - wall_ms) // 1000))
    return f"{words} · " + tr("next in {seconds} s").format(seconds=left)


def _leg(call: CallSnapshot, wall_ms: int) -> str:
    if not call.leg:
        return ""
    words = tr("leg {number}").format(number=call.leg)
    if call.next_leg_at_ms is None:
        return words
    left = text.clock_time(max(0, call.next_leg_at_ms - wall_ms) / 1000)
    return f"{words} · " + tr("next in {time}").format(time=left)
