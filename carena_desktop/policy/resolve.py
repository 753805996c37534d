"""Which source wins. Sans-IO: sources in, values and findings out; what can't be read is reported and never fatal.

Order, first wins: machine mandatory, user mandatory, locked by the signed-in server, command line, environment, user's
settings, machine recommended, user recommended, the server's default, built in. Policies of safety take the strictest
value of all sources instead, and a value of theirs that can't be read counts as the strictest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from carena_desktop.policy.kinds import Policy, Value
from carena_desktop.policy.table import BY_NAME, POLICIES
from carena_desktop.policy.values import MalformedError, read, stricter


class Level(IntEnum):
    """How strongly a source speaks; the smaller wins."""

    MACHINE_MANDATORY = 1
    USER_MANDATORY = 2
    SERVER_LOCKED = 3
    COMMAND_LINE = 4
    ENVIRONMENT = 5
    USER_SETTINGS = 6
    MACHINE_RECOMMENDED = 7
    USER_RECOMMENDED = 8
    SERVER_DEFAULT = 9
    BUILT_IN = 10

    @property
    def words(self) -> str:
        """For ``--show-policy``."""
        return self.name.lower().replace("_", " ")


MANDATORY = frozenset({Level.MACHINE_MANDATORY, Level.USER_MANDATORY, Level.SERVER_LOCKED})
_SERVERS = frozenset({Level.SERVER_LOCKED, Level.SERVER_DEFAULT})
_USERS_OWN = frozenset({Level.COMMAND_LINE, Level.ENVIRONMENT, Level.USER_SETTINGS})


@dataclass(frozen=True, slots=True)
class Source:
    """What one place says.

    Attributes:
        level: How strongly.
        origin: Where, in words: a file, a registry key, "command line".
        values: Raw values by policy name.
        problem: Why the place could not be read, "" when it could.
    """

    level: Level
    origin: str
    values: Mapping[str, object] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is in force for one policy, and who says so."""

    value: Value
    level: Level = Level.BUILT_IN
    origin: str = "built in"

    @property
    def managed(self) -> bool:
        """Whether the organization has set it, so that the person can't change it."""
        return self.level in MANDATORY


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a source that its administrator should know."""

    origin: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies in force."""

    settings: Mapping[str, Setting] = field(default_factory=lambda: {p.name: Setting(p.default) for p in POLICIES})
    findings: tuple[Finding, ...] = ()

    def value(self, name: str) -> Value:
        """Return a policy's value; raises KeyError for one that is not in the table."""
        return self.settings[name].value

    def switch(self, name: str) -> bool:
        """Return a switch."""
        return self.value(name) is True

    def text(self, name: str) -> str:
        """Return an address or a choice, "" for none."""
        value = self.value(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a number."""
        value = self.value(name)
        return value if isinstance(value, int) else 0

    def items(self, name: str) -> tuple[str, ...] | None:
        """Return a list, None where nobody set one."""
        value = self.value(name)
        return value if isinstance(value, tuple) else None


def resolve(sources: Sequence[Source]) -> Policies:
    """Return what is in force."""
    ordered = sorted(sources, key=lambda source: source.level)
    findings = [Finding(source.origin, "", source.problem) for source in ordered if source.problem]
    for source in ordered:
        unknown = sorted(set(source.values) - set(BY_NAME))
        findings += [Finding(source.origin, _shown(name), "is no policy and was ignored") for name in unknown]
    settings = {policy.name: _setting(policy, ordered, findings) for policy in POLICIES}
    return Policies(settings, tuple(findings))


def _setting(policy: Policy, ordered: Sequence[Source], findings: list[Finding]) -> Setting:
    found: Setting | None = None
    for source in _speaking(policy, ordered, findings):
        try:
            value = read(policy, source.values[policy.name])
        except MalformedError as error:
            findings.append(Finding(source.origin, policy.name, f"can't be read: {error}{_consequence(policy)}"))
            if not policy.safety:
                continue
            value = policy.strictest
        if found is None:
            found = Setting(value, source.level, source.origin)
        elif policy.safety and (strict := stricter(policy, found.value, value)) != found.value:
            found = Setting(strict, found.level if found.managed else source.level, source.origin)
        elif found.managed and source.level in _USERS_OWN and not (policy.safety and value == found.value):
            findings.append(Finding(source.origin, policy.name, "is set by your organization; ignored"))
    return found or Setting(policy.default)


def _speaking(policy: Policy, ordered: Sequence[Source], findings: list[Finding]) -> Iterator[Source]:
    """Yield the sources that have something to say about a policy, and may."""
    own = False
    for source in ordered:
        if policy.name not in source.values:
            continue
        if source.level in _SERVERS and not policy.by_server:
            findings.append(Finding(source.origin, policy.name, "can't be set by a server; ignored"))
            continue
        if source.level in _USERS_OWN:
            if not policy.per_user:
                findings.append(Finding(source.origin, policy.name, "can be set by an administrator only; ignored"))
            if own or not policy.per_user:
                continue  # among the person's own ones the first speaks: an option takes the variable's place
            own = True
        yield source


def _consequence(policy: Policy) -> str:
    return ". It counts as the strictest value" if policy.safety else ". It was ignored"


def _shown(name: str) -> str:
    """A foreign key, short and printable."""
    return "".join(char if char.isprintable() else "?" for char in name[:60])
