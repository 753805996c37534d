"""What a settings page shows beside a policy: its value, whether it can be changed, and who says so. Pure.

The words are chosen in the UI from ``who``; a page shows a padlock where ``locked`` is true.
"""

from dataclasses import dataclass
from enum import StrEnum

from carena_desktop.policy.kinds import Policy, Value
from carena_desktop.policy.resolve import Level, Policies
from carena_desktop.policy.table import POLICIES
from carena_desktop.policy.values import stricter


class Who(StrEnum):
    """Who decided."""

    NOBODY = "nobody"
    """The built-in value, or a recommendation."""
    PERSON = "person"
    """The user's own settings."""
    COMMAND_LINE = "command_line"
    """An option or a variable of this start: a setting takes effect at the next one."""
    ORGANIZATION = "organization"
    SERVER = "server"


_WHO = {
    Level.MACHINE_MANDATORY: Who.ORGANIZATION,
    Level.USER_MANDATORY: Who.ORGANIZATION,
    Level.SERVER_LOCKED: Who.SERVER,
    Level.COMMAND_LINE: Who.COMMAND_LINE,
    Level.ENVIRONMENT: Who.COMMAND_LINE,
    Level.USER_SETTINGS: Who.PERSON,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One policy as a settings page or the list of policies in "About" shows it."""

    policy: Policy
    value: Value
    who: Who
    origin: str
    locked: bool
    """The person can't change it."""
    problem: str = ""
    """What an administrator should know, "" for nothing."""


def line(policies: Policies, policy: Policy) -> Line:
    """Return one line."""
    setting = policies.settings[policy.name]
    problem = "; ".join(f"{f.origin}: {f.words}" for f in policies.findings if f.name == policy.name)
    who = _WHO.get(setting.level, Who.NOBODY)
    locked = setting.managed or not policy.per_user
    return Line(policy, setting.value, who, setting.origin, locked, problem)


def lines(policies: Policies) -> tuple[Line, ...]:
    """Return all, in the table's order."""
    return tuple(line(policies, policy) for policy in POLICIES)


def may_set(policies: Policies, policy: Policy, value: Value) -> bool:
    """Whether a person's setting would take effect: nobody locked it, or it is the stricter of a policy of safety."""
    setting = policies.settings[policy.name]
    if not policy.per_user:
        return False
    if not setting.managed:
        return True
    return policy.safety and stricter(policy, setting.value, value) == value
