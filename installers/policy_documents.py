"""Writes what is made from the table of policies: ``python -m installers.policy_documents [--check]``.

ADMX and ADML for Group Policy and Intune, a configuration profile for macOS, a JSON Schema for Linux' files, and the
administrator's reference. They stand in the repository; a test fails where they are not what the table makes.

References: MS-GPOD and the ADMX schema (PolicyDefinitions 1.0); Apple's Configuration Profile Reference.
"""

import json
import plistlib
import sys
import uuid
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from carena_desktop.policy.kinds import LISTS, Kind, Policy
from carena_desktop.policy.sources import ENVIRONMENT, MAC_DOMAIN, WINDOWS_KEY
from carena_desktop.policy.table import POLICIES
from installers.freeze import ROOT

FOLDER: Final = ROOT / "installers" / "policies"
_ADMX_NS: Final = (
    'xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0"'
)
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n<!-- Made by installers/policy_documents.py. -->\n'
_BY_SERVER: Final = (
    "What a server sets holds from just after the sign-in until the sign-out. It can make a policy of safety (in "
    "force: the strictest) stricter than an administrator did, and never looser."
)
_SECTIONS: Final = (("", WINDOWS_KEY, "Carena Desktop"), ("_Recommended", rf"{WINDOWS_KEY}\Recommended", "Recommended"))


def documents() -> dict[Path, str]:
    """Return every document by its path."""
    return {
        FOLDER / "windows" / "Carena.admx": admx(),
        FOLDER / "windows" / "en-US" / "Carena.adml": adml(),
        FOLDER / "macos" / "org.carena.desktop.mobileconfig": mobileconfig(),
        FOLDER / "policies.schema.json": json_schema(),
        ROOT / "docs" / "admin" / "policies.md": reference(),
    }


def admx() -> str:
    """Return the definitions for Group Policy: each policy for machine and user, mandatory and recommended."""
    lines = [
        f"{_HEAD}<policyDefinitions {_ADMX_NS}>",
        '  <policyNamespaces><target prefix="carena" namespace="Carena.Policies.Desktop"/></policyNamespaces>',
        '  <resources minRequiredRevision="1.0"/>',
        "  <categories>",
        '    <category name="Carena" displayName="$(string.Carena)"/>',
        '    <category name="Carena_Recommended" displayName="$(string.Carena_Recommended)">',
        '      <parentCategory ref="Carena"/>',
        "    </category>",
        "  </categories>",
        "  <policies>",
    ]
    for suffix, key, _ in _SECTIONS:
        for policy in POLICIES:
            lines += _admx_policy(policy, suffix, key)
    return "\n".join([*lines, "  </policies>", "</policyDefinitions>"]) + "\n"


def _admx_policy(policy: Policy, suffix: str, key: str) -> list[str]:
    name = policy.name
    shown = "" if policy.kind is Kind.SWITCH else f' presentation="$(presentation.{name})"'
    value = f' valueName="{name}"' if policy.kind is Kind.SWITCH else ""
    lines = [
        f'    <policy name="{name}{suffix}" class="Both" key={quoteattr(key)}{value}',
        f'        displayName="$(string.{name})" explainText="$(string.{name}_Help)"{shown}>',
        f'      <parentCategory ref="Carena{suffix}"/>',
    ]
    if policy.kind is Kind.SWITCH:
        lines.append('      <enabledValue><decimal value="1"/></enabledValue>')
        lines.append('      <disabledValue><decimal value="0"/></disabledValue>')
    elif policy.kind in LISTS:
        inner = quoteattr(rf"{key}\{name}")
        lines.append(f'      <elements><list id="{name}" key={inner} valuePrefix=""/></elements>')
    elif policy.kind is Kind.CHOICE:
        items = "".join(
            f'<item displayName="$(string.{name}_{choice})"><value><string>{choice}</string></value></item>'
            for choice in policy.choices
        )
        lines.append(f'      <elements><enum id="{name}" valueName="{name}" required="true">{items}</enum></elements>')
    elif policy.kind is Kind.NUMBER:
        limits = f'minValue="{policy.minimum}" maxValue="{policy.maximum}"'
        lines.append(f'      <elements><decimal id="{name}" valueName="{name}" {limits} required="true"/></elements>')
    else:
        lines.append(f'      <elements><text id="{name}" valueName="{name}" required="true"/></elements>')
    return [*lines, "    </policy>"]


def adml() -> str:
    """Return the English words for the definitions."""
    strings = [f'      <string id="Carena{suffix}">{escape(title)}</string>' for suffix, _, title in _SECTIONS]
    presentations = []
    for policy in POLICIES:
        name, title = policy.name, escape(policy.title)
        strings.append(f'      <string id="{name}">{title}</string>')
        strings.append(f'      <string id="{name}_Help">{escape(policy.help)}</string>')
        choices = policy.choices if policy.kind is Kind.CHOICE else ()
        strings += [f'      <string id="{name}_{choice}">{choice}</string>' for choice in choices]
        if policy.kind in LISTS:
            inner = f'<listBox refId="{name}">{title}</listBox>'
        elif policy.kind is Kind.CHOICE:
            default = policy.choices.index(str(policy.default))
            inner = f'<dropdownList refId="{name}" noSort="true" defaultItem="{default}">{title}</dropdownList>'
        elif policy.kind is Kind.NUMBER:
            inner = f'<decimalTextBox refId="{name}" defaultValue="{policy.default}">{title}</decimalTextBox>'
        elif policy.kind in {Kind.SERVER, Kind.PROXY}:
            inner = f'<textBox refId="{name}"><label>{title}</label></textBox>'
        else:
            continue
        presentations.append(f'      <presentation id="{name}">{inner}</presentation>')
    return "\n".join(
        [
            f"{_HEAD}<policyDefinitionResources {_ADMX_NS}>",
            "  <displayName>Carena Desktop</displayName>",
            "  <description>Policies of Carena Desktop</description>",
            "  <resources>",
            "    <stringTable>",
            *strings,
            "    </stringTable>",
            "    <presentationTable>",
            *presentations,
            "    </presentationTable>",
            "  </resources>",
            "</policyDefinitionResources>",
            "",
        ]
    )


def mobileconfig() -> str:
    """Return an example profile: every policy with its example value, to be edited."""

    def identifier(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name)).upper()

    payload: dict[str, object] = {policy.name: json.loads(policy.example) for policy in POLICIES}
    payload |= {
        "PayloadType": MAC_DOMAIN,
        "PayloadIdentifier": f"{MAC_DOMAIN}.policies",
        "PayloadUUID": identifier(f"policies.{MAC_DOMAIN}"),
        "PayloadVersion": 1,
        "PayloadDisplayName": "Carena Desktop",
    }
    profile = {
        "PayloadContent": [payload],
        "PayloadType": "Configuration",
        "PayloadIdentifier": f"{MAC_DOMAIN}.profile",
        "PayloadUUID": identifier(f"profile.{MAC_DOMAIN}"),
        "PayloadVersion": 1,
        "PayloadScope": "System",
        "PayloadDisplayName": "Carena Desktop: example of every policy",
    }
    return plistlib.dumps(profile, sort_keys=True).decode()


def json_schema() -> str:
    """Return the schema of Linux' policy files and of the user's ``settings.json``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policies of Carena Desktop",
        "type": "object",
        "additionalProperties": False,
        "properties": {policy.name: _schema_of(policy) for policy in POLICIES},
    }
    return json.dumps(schema, indent=2) + "\n"


def _schema_of(policy: Policy) -> dict[str, object]:
    server = {"type": "string", "pattern": "^(https://)?[^/\\s]+/?$"}
    kinds: dict[Kind, dict[str, object]] = {
        Kind.SWITCH: {"type": "boolean"},
        Kind.CHOICE: {"enum": list(policy.choices)},
        Kind.CHOICES: {"type": "array", "items": {"enum": list(policy.choices)}, "maxItems": 256},
        Kind.NUMBER: {"type": "integer", "minimum": policy.minimum, "maximum": policy.maximum},
        Kind.NAMES: {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 200}, "maxItems": 256},
        Kind.PROXY: {"type": "string", "pattern": "^(system|direct|(http://)?[^/@\\s]+/?|pac\\+(https?|file)://\\S+)$"},
        Kind.SERVER: dict(server),
        Kind.SERVERS: {"type": "array", "items": server, "maxItems": 256},
        Kind.FINGERPRINTS: {
            "type": "array",
            "items": {"type": "string", "pattern": "^([0-9A-Fa-f]{2}:?){32}$"},
            "maxItems": 256,
        },
    }
    return {"title": policy.title, "description": policy.help, **kinds[policy.kind]}


def reference() -> str:
    """Return the administrator's reference."""
    origin = "<!-- Made by installers/policy_documents.py from carena_desktop/policy/table.py. -->"
    pieces = [f"{origin}\n# Policy reference\n\n{_BY_SERVER}\n"]
    for policy in POLICIES:
        default = "nothing (any)" if policy.default is None else f"`{json.dumps(policy.default)}`"
        kind = {
            Kind.SWITCH: "`true` or `false` (registry: DWORD 1 or 0)",
            Kind.NUMBER: f"a whole number from {policy.minimum} to {policy.maximum}",
            Kind.CHOICE: "one of " + ", ".join(f"`{choice}`" for choice in policy.choices),
            Kind.CHOICES: "a list of some of " + ", ".join(f"`{choice}`" for choice in policy.choices),
            Kind.SERVER: "an address, `https://HOST[:PORT]`",
            Kind.SERVERS: "a list of addresses",
            Kind.FINGERPRINTS: "a list of fingerprints, 64 hex digits each",
            Kind.NAMES: "a list of names, `*` for any characters (as one string: separated by semicolons)",
            Kind.PROXY: "`system`, `direct`, `http://HOST:PORT`, or `pac+` and a script's address",
        }[policy.kind]
        who = ["administrators", *(["users"] if policy.per_user else []), *(["the server"] if policy.by_server else [])]
        not_the_server = f" (not by the server: {policy.server_cannot})" if policy.server_cannot else ""
        wins = "the strictest of all sources" if policy.safety else "the first source"
        variable = next((f"`{name}`" for name, key in ENVIRONMENT.items() if key == policy.name), "none")
        pieces.append(
            f"## {policy.name}\n\n{policy.title}. {policy.help}\n\n- Value: {kind}\n- Default: {default}\n"
            f"- Set by: {', '.join(who)}{not_the_server}\n- In force: {wins}\n- Environment: {variable}\n"
            f"- Example: `{policy.example}`\n"
        )
    return "\n".join(pieces)


def main() -> int:
    """Write the documents, or say which are not up to date; return the exit code."""
    stale = [path for path, text in documents().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(documents()[path], "utf-8")
        print(path.relative_to(ROOT))
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
