"""What ``--show-policy`` prints: each policy, its value, who says so, and what was found wrong. Pure."""

import json

from carena_desktop.policy.kinds import Value
from carena_desktop.policy.resolve import Policies
from carena_desktop.policy.table import POLICIES


def as_text(policies: Policies) -> str:
    """Return it for people."""
    lines = []
    width = max(len(policy.name) for policy in POLICIES)
    for policy in POLICIES:
        setting = policies.settings[policy.name]
        lock = "mandatory" if setting.managed else setting.level.words
        lines.append(f"{policy.name:<{width}} {_shown(setting.value):<40} {lock}: {setting.origin}")
    if policies.findings:
        lines += ["", "Found wrong:"]
        lines += [f"  {f.origin}: {f.name}{' ' if f.name else ''}{f.words}" for f in policies.findings]
    return "\n".join(lines) + "\n"


def as_json(policies: Policies) -> str:
    """Return it for programs."""
    settings = {
        name: {
            "value": list(setting.value) if isinstance(setting.value, tuple) else setting.value,
            "level": setting.level.words,
            "source": setting.origin,
            "managed": setting.managed,
        }
        for name, setting in policies.settings.items()
    }
    findings = [
        {"source": finding.origin, "policy": finding.name, "problem": finding.words} for finding in policies.findings
    ]
    return json.dumps({"policies": settings, "findings": findings}, indent=2, ensure_ascii=False) + "\n"


def _shown(value: Value) -> str:
    if value is None:
        return "(any)"
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value or "(not set)"
