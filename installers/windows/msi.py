"""The Windows Installer package as wixl reads it, and what wixl can't say, as the installer's own SQL. No I/O.

Per machine, silent with ``/qn``, a major upgrade over every older version. Each policy of one value is a property:
``SERVERURL=https://… RELAYONLY=1``; it is written to the registry's policies, kept by an upgrade that does not name it,
and removed with the program.

References: Windows Installer (Property, Component.Condition, RegLocator, AppSearch, CustomAction type 51 tables).
"""

import uuid
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final
from xml.sax.saxutils import quoteattr

from carena_desktop.policy.kinds import LISTS, Kind, Policy
from carena_desktop.policy.sources import WINDOWS_KEY
from carena_desktop.policy.table import POLICIES

UPGRADE_CODE: Final = "2B8B5C0E-63B1-5C5E-9C3C-6C0F2A0C6D11"
"""Of every version for ever: it is how a newer one finds the older."""
MANUFACTURER: Final = "Carena Desktop contributors"
NAME: Final = "Carena Desktop"
_NAMESPACE: Final = uuid.UUID(UPGRADE_CODE)
_TABLES: Final = (
    (
        "CREATE TABLE `AppSearch` (`Property` CHAR(72) NOT NULL, `Signature_` CHAR(72) NOT NULL"
        " PRIMARY KEY `Property`, `Signature_`)"
    ),
    (
        "CREATE TABLE `RegLocator` (`Signature_` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` CHAR(255) NOT NULL,"
        " `Name` CHAR(255), `Type` SHORT PRIMARY KEY `Signature_`)"
    ),
    (
        "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `Source` CHAR(72),"
        " `Target` CHAR(255), `ExtendedType` LONG PRIMARY KEY `Action`)"
    ),
)
_NUMBERS: Final = frozenset({Kind.SWITCH, Kind.NUMBER})


def offered() -> tuple[Policy, ...]:
    """Return the policies that are properties: those of one value."""
    return tuple(policy for policy in POLICIES if policy.kind not in LISTS)


def guid(words: str) -> str:
    """Return the same GUID for the same words, in capitals."""
    return str(uuid.uuid5(_NAMESPACE, words)).upper()


def product_code(version: str) -> str:
    """Return the product code of a version; Intune looks for it."""
    return guid(f"product {version}")


def wxs(version: str, files: Iterable[str]) -> str:
    """Return the source for wixl; ``files`` are relative to the folder ``Carena``, with slashes."""
    tree: dict[str, list[str]] = {"": []}
    for file in sorted(files):
        parent = PurePosixPath(file).parent.as_posix()
        tree.setdefault("" if parent == "." else parent, []).append(file)
    for folder in list(tree):
        for above in PurePosixPath(folder).parents:
            tree.setdefault("" if above.as_posix() == "." else above.as_posix(), [])
    references = [f'      <ComponentRef Id="{_id("C", file)}"/>' for folder in sorted(tree) for file in tree[folder]]
    references += [f'      <ComponentRef Id="Policy{policy.name}"/>' for policy in offered()]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
            f'  <Product Id="{product_code(version)}" Name="{NAME}" Language="1033" Version="{_msi_version(version)}"',
            f'      Manufacturer="{MANUFACTURER}" UpgradeCode="{UPGRADE_CODE}">',
            '    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Platform="x64"',
            f'        Description="{NAME} {version}" Manufacturer="{MANUFACTURER}"/>',
            '    <Media Id="1" Cabinet="carena.cab" EmbedCab="yes"/>',
            '    <MajorUpgrade DowngradeErrorMessage="A newer version of Carena Desktop is installed."/>',
            '    <Icon Id="CarenaIcon" SourceFile="carena.ico"/>',
            '    <Property Id="ARPPRODUCTICON" Value="CarenaIcon"/>',
            '    <Directory Id="TARGETDIR" Name="SourceDir">',
            '      <Directory Id="ProgramFiles64Folder">',
            f'        <Directory Id="INSTALLDIR" Name="{NAME}">',
            *_folder(tree, "", 10),
            *_registry(),
            "        </Directory>",
            "      </Directory>",
            '      <Directory Id="ProgramMenuFolder"/>',
            "    </Directory>",
            '    <Feature Id="Complete" Level="1" Title="Carena Desktop">',
            *references,
            '      <ComponentRef Id="UrlHandler"/>',
            '      <ComponentRef Id="StartMenu"/>',
            "    </Feature>",
            "  </Product>",
            "</Wix>",
            "",
        ]
    )


def statements() -> list[str]:
    """Return the SQL that says what wixl can't: conditions, remembered and secure properties."""
    done = [*_TABLES, insert("InstallExecuteSequence", Action="AppSearch", Sequence=50)]
    sequence = 60
    for policy in offered():
        given, kept, chosen = property_of(policy), f"{property_of(policy)}_KEPT", f"{property_of(policy)}_CHOSEN"
        value = f"#[{given}]" if policy.kind in _NUMBERS else f"[{given}]"
        signature = f"S{policy.name}"
        done += [
            insert("RegLocator", Signature_=signature, Root=2, Key=WINDOWS_KEY, Name=policy.name, Type=18),
            insert("AppSearch", Property=kept, Signature_=signature),
        ]
        for name, source, condition in (("Take", value, given), ("Keep", f"[{kept}]", f"NOT {given} AND {kept}")):
            action = f"{name}{policy.name}"
            done += [
                insert("CustomAction", Action=action, Type=51, Source=chosen, Target=source),
                insert("InstallExecuteSequence", Action=action, Condition=condition, Sequence=sequence),
            ]
            sequence += 1
        done.append(update("Component", "Condition", chosen, "Component", f"Policy{policy.name}"))
    return done


def secure_properties(found: str) -> str:
    """Return the statement that lets every property through to the elevated part; ``found`` is what wixl wrote."""
    names = ";".join([found, *(property_of(policy) for policy in offered())])
    return update("Property", "Value", names, "Property", "SecureCustomProperties")


def as_older(version: str) -> list[str]:
    """Return the SQL that makes a package one of another version; for tests of upgrades, as its files stay the same."""
    detect, detect_only = "WIX_UPGRADE_DETECTED", "WIX_DOWNGRADE_DETECTED"
    return [
        update("Property", "Value", version, "Property", "ProductVersion"),
        update("Property", "Value", f"{{{product_code(version)}}}", "Property", "ProductCode"),
        # Limits of versions belong to the table's key, which can't be updated.
        f"DELETE FROM `Upgrade` WHERE `ActionProperty` = '{detect}'",  # noqa: S608 - ours, to a file of ours
        f"DELETE FROM `Upgrade` WHERE `ActionProperty` = '{detect_only}'",  # noqa: S608 - ours, to a file of ours
        insert("Upgrade", UpgradeCode=f"{{{UPGRADE_CODE}}}", VersionMax=version, Attributes=1, ActionProperty=detect),
        insert(
            "Upgrade", UpgradeCode=f"{{{UPGRADE_CODE}}}", VersionMin=version, Attributes=2, ActionProperty=detect_only
        ),
    ]


def property_of(policy: Policy) -> str:
    """Return the name of a policy's property: public ones are in capitals."""
    return policy.name.upper()


def insert(table: str, **values: str | int) -> str:
    """Return the statement that adds a row."""
    columns = ", ".join(f"`{column}`" for column in values)
    given = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in values.values())
    return f"INSERT INTO `{table}` ({columns}) VALUES ({given})"  # noqa: S608 - ours, to a file of ours


def update(table: str, column: str, value: str, key: str, row: str) -> str:
    """Return the statement that changes one column of a row."""
    return f"UPDATE `{table}` SET `{column}` = '{value}' WHERE `{key}` = '{row}'"  # noqa: S608 - ours, to a file of ours


def _folder(tree: dict[str, list[str]], folder: str, indent: int) -> list[str]:
    space = " " * indent
    lines = []
    for file in tree[folder]:
        lines += [
            f'{space}<Component Id="{_id("C", file)}" Guid="{guid(file)}" Win64="yes">',
            (
                f'{space}  <File Id="{_id("F", file)}" Name={quoteattr(PurePosixPath(file).name)}'
                f' Source={quoteattr("Carena/" + file)} KeyPath="yes"/>'
            ),
            f"{space}</Component>",
        ]
    for child in sorted(tree):
        parent = PurePosixPath(child).parent.as_posix()
        if child and ("" if parent == "." else parent) == folder:
            lines.append(f'{space}<Directory Id="{_id("D", child)}" Name={quoteattr(PurePosixPath(child).name)}>')
            lines += _folder(tree, child, indent + 2)
            lines.append(f"{space}</Directory>")
    return lines


def _registry() -> list[str]:
    lines = [
        f'          <Component Id="UrlHandler" Guid="{guid("url handler")}" Win64="yes">',
        (
            '            <RegistryValue Root="HKLM" Key="Software\\Classes\\carena" Type="string"'
            ' Value="URL:Carena Desktop" KeyPath="yes"/>'
        ),
        (
            '            <RegistryValue Root="HKLM" Key="Software\\Classes\\carena" Name="URL Protocol" Type="string"'
            ' Value=""/>'
        ),
        (
            '            <RegistryValue Root="HKLM" Key="Software\\Classes\\carena\\shell\\open\\command" Type="string"'
            ' Value="&quot;[INSTALLDIR]Carena.exe&quot; &quot;%1&quot;"/>'
        ),
        "          </Component>",
        f'          <Component Id="StartMenu" Guid="{guid("start menu")}" Win64="yes">',
        (
            '            <RegistryValue Root="HKLM" Key="Software\\Carena\\Desktop" Name="StartMenu" Type="integer"'
            ' Value="1" KeyPath="yes"/>'
        ),
        (
            f'            <Shortcut Id="StartMenuShortcut" Directory="ProgramMenuFolder" Name="{NAME}"'
            ' Target="[INSTALLDIR]Carena.exe" WorkingDirectory="INSTALLDIR" Icon="CarenaIcon"/>'
        ),
        "          </Component>",
    ]
    for policy in offered():
        lines += [
            f'          <Component Id="Policy{policy.name}" Guid="{guid("policy " + policy.name)}" Win64="yes">',
            (
                f'            <RegistryValue Root="HKLM" Key="{WINDOWS_KEY}" Name="{policy.name}" Type="string"'
                f' Value="[{property_of(policy)}_CHOSEN]" KeyPath="yes"/>'
            ),
            "          </Component>",
        ]
    return lines


def _id(kind: str, words: str) -> str:
    return kind + guid(words).replace("-", "")


def _msi_version(version: str) -> str:
    """Return major.minor.build; Windows Installer compares no fourth field."""
    numbers = [part for part in version.split(".") if part.isdigit()]
    return ".".join(([*numbers, "0", "0", "0"])[:3])
