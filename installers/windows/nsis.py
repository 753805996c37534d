"""The second Windows package: an .exe by NSIS, for a single computer. It writes the same keys as the MSI. No I/O.

Its wizard speaks English or Spanish, as Windows does; ``/S`` runs it silently. It never starts the program that it
installed: it runs as an administrator, and Carena belongs to the person.
"""

from collections.abc import Mapping
from typing import Final

from carena_desktop.policy.sources import WINDOWS_KEY
from installers.windows.msi import MANUFACTURER, NAME

WIZARD_PICTURE: Final = (164, 314)
HEADER_PICTURE: Final = (150, 57)
"""Pixels of the pictures ``wizard.bmp`` and ``header.bmp`` beside the script, as NSIS' "Modern UI 2" wants them."""

_UNINSTALL: Final = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\CarenaDesktop"

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "ENGLISH": {
        "WelcomeTitle": f"Install {NAME}",
        "WelcomeText": (
            f"{NAME} is the clinician's workstation for telehealth visits.$\\r$\\n$\\r$\\nIt is installed for "
            "everybody who uses this computer. To install it on many computers, use the MSI package instead."
        ),
        "ServerTitle": "Your clinic's server",
        "ServerSubtitle": "Where Carena signs in.",
        "ServerText": (
            "Address of the server, as your clinic or IT department gave it to you. Leave it empty to have it asked "
            "for at the first sign-in."
        ),
        "ServerLabel": "&Server address:",
        "ServerHint": "For example https://visits.example.org. It is written to this computer's policies.",
        "ServerWrong": "The address has to begin with https://, without spaces.",
        "FinishTitle": f"{NAME} is installed",
        "FinishText": f"{NAME} is in the Start menu. Close this window to finish.",
        "Running": f"{NAME} is running on this computer. Close it, then try again.",
        "TooOld": f"{NAME} needs Windows 10 or later, 64 bit.",
    },
    "SPANISH": {
        "WelcomeTitle": f"Instalar {NAME}",
        "WelcomeText": (
            f"{NAME} es el puesto de trabajo clínico para visitas de telesalud.$\\r$\\n$\\r$\\nSe instala para "
            "todas las personas que usan este equipo. Para instalarlo en muchos equipos, use el paquete MSI."
        ),
        "ServerTitle": "El servidor de su clínica",
        "ServerSubtitle": "Donde Carena inicia sesión.",
        "ServerText": (
            "Dirección del servidor, tal como se la dio su clínica o el departamento de informática. Déjela vacía "
            "para que se pregunte en el primer inicio de sesión."
        ),
        "ServerLabel": "&Dirección del servidor:",
        "ServerHint": "Por ejemplo https://visits.example.org. Se escribe en las directivas de este equipo.",
        "ServerWrong": "La dirección tiene que empezar por https:// y no tener espacios.",
        "FinishTitle": f"{NAME} está instalado",
        "FinishText": f"{NAME} está en el menú Inicio. Cierre esta ventana para terminar.",
        "Running": f"{NAME} está abierto en este equipo. Ciérrelo e inténtelo de nuevo.",
        "TooOld": f"{NAME} necesita Windows 10 o posterior, de 64 bits.",
    },
}

_WIZARD: Final = r"""
!define MUI_ICON "carena.ico"
!define MUI_UNICON "carena.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "wizard.bmp"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "wizard.bmp"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "header.bmp"
!define MUI_HEADERIMAGE_UNBITMAP "header.bmp"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "$(WelcomeTitle)"
!define MUI_WELCOMEPAGE_TEXT "$(WelcomeText)"
!define MUI_FINISHPAGE_TITLE "$(FinishTitle)"
!define MUI_FINISHPAGE_TEXT "$(FinishText)"
!insertmacro MUI_PAGE_WELCOME
Page custom ServerPage ServerLeft
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
"""

_FUNCTIONS: Final = rf"""
Var Server
Var Field

Function .onInit
  SetRegView 64
  ${{IfNot}} ${{AtLeastWin10}}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${{EndIf}}
  ReadRegStr $Server HKLM "{WINDOWS_KEY}" "ServerUrl"
  ${{GetParameters}} $R0
  ClearErrors
  ${{GetOptions}} $R0 "/SERVERURL=" $R1
  ${{IfNot}} ${{Errors}}
    StrCpy $Server $R1
  ${{EndIf}}
FunctionEnd

Function ServerPage
  !insertmacro MUI_HEADER_TEXT "$(ServerTitle)" "$(ServerSubtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${{NSD_CreateLabel}} 0 0 100% 26u "$(ServerText)"
  Pop $0
  ${{NSD_CreateLabel}} 0 36u 100% 10u "$(ServerLabel)"
  Pop $0
  ${{NSD_CreateText}} 0 48u 100% 13u "$Server"
  Pop $Field
  ${{NSD_CreateLabel}} 0 68u 100% 20u "$(ServerHint)"
  Pop $0
  ${{NSD_SetFocus}} $Field
  nsDialogs::Show
FunctionEnd

Function ServerLeft
  ${{NSD_GetText}} $Field $0
  ${{If}} $0 != ""
    StrCpy $1 $0 8
    ${{WordFind}} "$0" " " "E+1{{" $2
    ${{IfNot}} ${{Errors}}
    ${{OrIf}} $1 != "https://"
    ${{OrIf}} $0 == "https://"
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(ServerWrong)"
      Abort
    ${{EndIf}}
  ${{EndIf}}
  StrCpy $Server $0
FunctionEnd

Function WaitForEnd
again:
  ${{If}} ${{FileExists}} "$INSTDIR\Carena.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\Carena.exe" a
    ${{If}} ${{Errors}}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
      SetErrorLevel 2
      Abort
    ${{EndIf}}
    FileClose $0
  ${{EndIf}}
FunctionEnd
"""

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
ManifestDPIAware true
ManifestSupportedOS all
Name "{NAME}"
OutFile "{target}"
InstallDir "$PROGRAMFILES64\{NAME}"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
SetCompressorDictSize 32
CRCCheck force
BrandingText "{NAME} {version}"
VIProductVersion "{_four(version)}"
VIAddVersionKey /LANG=0 "ProductName" "{NAME}"
VIAddVersionKey /LANG=0 "CompanyName" "{MANUFACTURER}"
VIAddVersionKey /LANG=0 "FileDescription" "{NAME} setup"
VIAddVersionKey /LANG=0 "FileVersion" "{version}"
VIAddVersionKey /LANG=0 "LegalCopyright" "Apache-2.0; parts under the GPL"
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
{_WIZARD}{_languages()}{_FUNCTIONS}
Section
  SetRegView 64
  SetShellVarContext all
  Call WaitForEnd
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
  ${{If}} $Server == ""
    DeleteRegValue HKLM "{WINDOWS_KEY}" "ServerUrl"
  ${{Else}}
    WriteRegStr HKLM "{WINDOWS_KEY}" "ServerUrl" "$Server"
  ${{EndIf}}
SectionEnd
{_UNINSTALLER}"""


def _languages() -> str:
    """Return the languages and their words; the first is taken where Windows speaks none of them."""
    lines = [f'!insertmacro MUI_LANGUAGE "{language.title()}"' for language in WORDS]
    lines += [
        f'LangString {name} ${{LANG_{language}}} "{words}"'
        for language, table in WORDS.items()
        for name, words in table.items()
    ]
    return "\n".join(lines) + "\n"


def _four(version: str) -> str:
    return ".".join(([part for part in version.split(".") if part.isdigit()] + ["0"] * 4)[:4])
