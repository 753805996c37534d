"""The second Windows package: an .exe by NSIS, for a single computer. It writes the same keys as the MSI. No I/O."""

from typing import Final

from carena_desktop.policy.sources import WINDOWS_KEY
from installers.windows.msi import MANUFACTURER, NAME

_UNINSTALL: Final = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\CarenaDesktop"

_UNINSTALLER: Final = rf"""
Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  Delete "$SMPROGRAMS\{NAME}.lnk"
  DeleteRegKey HKLM "Software\Classes\carena"
  DeleteRegKey HKLM "{_UNINSTALL}"
  DeleteRegValue HKLM "{WINDOWS_KEY}" "ServerUrl"
  DeleteRegKey /ifempty HKLM "{WINDOWS_KEY}"
  RMDir /r "$INSTDIR"
SectionEnd
"""


def script(version: str, target: str, kib: int) -> str:
    """Return the script: ``/S`` is silent, ``/SERVERURL="https://…"`` sets the server."""
    return rf"""Target amd64-unicode
Unicode true
Name "{NAME}"
OutFile "{target}"
InstallDir "$PROGRAMFILES64\{NAME}"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
SetCompressorDictSize 32
CRCCheck force
Icon "carena.ico"
UninstallIcon "carena.ico"
BrandingText "{NAME} {version}"
VIProductVersion "{_four(version)}"
VIAddVersionKey "ProductName" "{NAME}"
VIAddVersionKey "CompanyName" "{MANUFACTURER}"
VIAddVersionKey "FileDescription" "{NAME} setup"
VIAddVersionKey "FileVersion" "{version}"
VIAddVersionKey "LegalCopyright" "Apache-2.0; parts under the GPL"
!include "FileFunc.nsh"
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section
  SetRegView 64
  SetShellVarContext all
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\site"
  File /r "Carena\*"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  CreateShortcut "$SMPROGRAMS\{NAME}.lnk" "$INSTDIR\Carena.exe"
  WriteRegStr HKLM "Software\Classes\carena" "" "URL:{NAME}"
  WriteRegStr HKLM "Software\Classes\carena" "URL Protocol" ""
  WriteRegStr HKLM "Software\Classes\carena\shell\open\command" "" '"$INSTDIR\Carena.exe" "%1"'
  WriteRegStr HKLM "{_UNINSTALL}" "DisplayName" "{NAME}"
  WriteRegStr HKLM "{_UNINSTALL}" "DisplayVersion" "{version}"
  WriteRegStr HKLM "{_UNINSTALL}" "Publisher" "{MANUFACTURER}"
  WriteRegStr HKLM "{_UNINSTALL}" "DisplayIcon" "$INSTDIR\Carena.exe"
  WriteRegStr HKLM "{_UNINSTALL}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKLM "{_UNINSTALL}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKLM "{_UNINSTALL}" "EstimatedSize" {kib}
  WriteRegDWORD HKLM "{_UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "{_UNINSTALL}" "NoRepair" 1
  ${{GetParameters}} $R0
  ClearErrors
  ${{GetOptions}} $R0 "/SERVERURL=" $R1
  IfErrors done
  WriteRegStr HKLM "{WINDOWS_KEY}" "ServerUrl" "$R1"
done:
SectionEnd
{_UNINSTALLER}"""


def _four(version: str) -> str:
    return ".".join(([part for part in version.split(".") if part.isdigit()] + ["0"] * 4)[:4])
