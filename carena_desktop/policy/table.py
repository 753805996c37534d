"""The table of policies: each one's name, type, meaning and default.

Everything else about policies is made from it: the loader, ``--show-policy``, the templates for Windows and macOS, the
JSON Schema and the administrator's reference.

A policy stands here when the program acts on it, and not before. Pure; importing it costs nothing.
"""

from typing import Final

from carena_desktop.policy.kinds import Kind, Policy

POLICIES: Final = (
    Policy(
        name="ServerUrl",
        kind=Kind.SERVER,
        default="",
        title="Server to sign in to",
        help=(
            "The address that the sign-in screen offers. When it is mandatory the address can't be changed there. "
            "Without it, the server used last is offered."
        ),
        example='"https://visits.example.org"',
        server_cannot="it is needed before a server is known",
    ),
    Policy(
        name="AllowedServers",
        kind=Kind.SERVERS,
        default=None,
        title="Servers that may be used",
        help=(
            "Carena connects to these servers and to no other, also when a link asks for another. Without it every "
            "server may be used. An empty list allows none."
        ),
        example='["https://visits.example.org", "https://visits-test.example.org:8443"]',
        safety=True,
        strictest=(),
        server_cannot="it decides which server may speak at all",
    ),
    Policy(
        name="AuthorityPins",
        kind=Kind.FINGERPRINTS,
        default=None,
        title="Certificate authorities of the servers",
        help=(
            "SHA-256 fingerprints of the public keys of the local certificate authorities that servers may have, as "
            "carena-server prints them at its start. A server whose authority is named is trusted without a question; "
            "one with another authority, or with a certificate of a public one, is refused. Without it the user "
            "compares the fingerprint at the first sign-in."
        ),
        example='["373ae29c7d7efc06987d94788631eeccb1c47e28ae498c5ef88b37e3c0ff93a3"]',
        safety=True,
        strictest=(),
        per_user=False,
        server_cannot="it decides whether a server is believed",
    ),
    Policy(
        name="Proxy",
        kind=Kind.PROXY,
        default="system",
        title="Proxy for the way to the server",
        help=(
            "How Carena reaches its server and a TURN relay over TLS: as the system does (environment, desktop "
            "settings, Windows, macOS; including its configuration script), directly, through one proxy, or as a "
            "configuration script (PAC) says. A user name and password that the proxy wants are asked for in the "
            "window and kept in the system's keyring. Computers addressed as localhost are always reached directly."
        ),
        example='"http://proxy.example.org:3128"',
        server_cannot="it decides how the server is reached",
    ),
    Policy(
        name="RelayOnly",
        kind=Kind.SWITCH,
        default=False,
        title="Calls through the TURN relay only",
        help=(
            "Calls use the relay even where a direct path would work, so that neither side learns the other's network "
            "address. Without a relay there are no calls then. A call that is running changes with its next connection."
        ),
        example="true",
        safety=True,
        strictest=True,
    ),
    Policy(
        name="AllowCamera",
        kind=Kind.SWITCH,
        default=True,
        title="Camera",
        help=(
            "When false, Carena never opens a camera on this computer; visits are held with sound. A camera that is "
            "open when the policy changes is closed."
        ),
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="AllowedDevices",
        kind=Kind.NAMES,
        default=None,
        title="Cameras and microphones that may be used",
        help=(
            "Names of devices as the system shows them; * stands for any characters. Others are not listed and can't "
            "be opened; one that is open when the policy changes is closed, also in a visit. Without it every camera "
            "and microphone may be used."
        ),
        example='["Jabra *", "Integrated Camera*"]',
        safety=True,
        strictest=(),
    ),
    Policy(
        name="AllowScreenSharing",
        kind=Kind.SWITCH,
        default=True,
        title="Sharing a screen or window",
        help="When false, no screen and no window can be shown to a patient; one that is being shown is not any more.",
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="AllowFiles",
        kind=Kind.SWITCH,
        default=True,
        title="Files in a visit",
        help="When false, files can neither be sent to a patient nor taken from one.",
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="MaxFileMegabytes",
        kind=Kind.NUMBER,
        default=100,
        title="Largest file in a visit",
        help="Files above this size (MiB) are neither sent nor taken. What the program can do at most is 100.",
        example="10",
        safety=True,
        strictest=1,
        minimum=1,
        maximum=100,
    ),
    Policy(
        name="SrtpProfiles",
        kind=Kind.CHOICES,
        default=None,
        title="SRTP profiles that a call may use",
        help=(
            "Profiles of the outer encryption of picture and sound (DTLS-SRTP). A call that can agree on none of them "
            "does not begin. Without it all three may be used and AES-GCM is preferred. The inner encryption (SFrame) "
            "is always on."
        ),
        example='["AEAD_AES_256_GCM", "AEAD_AES_128_GCM"]',
        safety=True,
        strictest=("AEAD_AES_256_GCM",),
        choices=("SRTP_AES128_CM_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"),
    ),
    Policy(
        name="RenewKeysSeconds",
        kind=Kind.NUMBER,
        default=30,
        title="New media keys after seconds",
        help=(
            "How often a call renews the keys of its inner encryption (SFrame), give or take a tenth. They are also "
            "renewed when a device changes and when the safety codes were compared."
        ),
        example="30",
        safety=True,
        strictest=10,
        minimum=10,
        maximum=300,
    ),
    Policy(
        name="RenewConnectionSeconds",
        kind=Kind.NUMBER,
        default=600,
        title="New connection after seconds",
        help=(
            "How often a call replaces its whole connection (certificates, DTLS and SRTP keys) without an "
            "interruption, give or take a tenth."
        ),
        example="600",
        safety=True,
        strictest=60,
        minimum=60,
        maximum=7200,
    ),
    Policy(
        name="LockTimeoutMinutes",
        kind=Kind.NUMBER,
        default=10,
        title="Lock after minutes without use",
        help=(
            "After so long without keyboard or mouse Carena hides everything and asks for the password. A running call "
            "goes on."
        ),
        example="5",
        safety=True,
        strictest=1,
        minimum=1,
        maximum=480,
    ),
    Policy(
        name="RequireSecondFactor",
        kind=Kind.SWITCH,
        default=False,
        title="Second factor",
        help=(
            "When true, Carena goes on only with an account that signs in with a one-time code as well; one without "
            "has to set it up first. The server can require the same of every program, by role."
        ),
        example="true",
        safety=True,
        strictest=True,
        server_cannot="it is asked at the sign-in; a server requires a second factor by role, of every program",
    ),
    Policy(
        name="KeepSignedIn",
        kind=Kind.SWITCH,
        default=True,
        title="Staying signed in",
        help=(
            "When false, nothing is kept in the system's keyring: a sign-in ends with the program. For computers that "
            "several people use under one account. What the keyring had is taken back."
        ),
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="NotificationText",
        kind=Kind.CHOICE,
        default="patient",
        title="What a notification says",
        help=(
            "patient: that a patient is waiting (never who). neutral: that Carena needs attention. none: no "
            "notification, only the chime and the task bar."
        ),
        example='"neutral"',
        safety=True,
        strictest="none",
        choices=("patient", "neutral", "none"),
    ),
    Policy(
        name="LogLevel",
        kind=Kind.CHOICE,
        default="info",
        title="How much the log tells",
        help="Patient data is in none of the levels; the less talkative of all sources is taken.",
        example='"warning"',
        safety=True,
        strictest="error",
        choices=("debug", "info", "warning", "error"),
    ),
    Policy(
        name="UpdateNotice",
        kind=Kind.SWITCH,
        default=True,
        title="Notice of a newer version",
        help=(
            "When true, people are told that the server they are signed in to recommends a newer version. Carena never "
            "downloads or installs anything by itself."
        ),
        example="false",
    ),
    Policy(
        name="StartAtLogin",
        kind=Kind.SWITCH,
        default=False,
        title="Start when the person logs in",
        help="When true, Carena starts with the desktop session.",
        example="true",
        server_cannot="it has to hold while nobody is signed in",
    ),
    Policy(
        name="Appearance",
        kind=Kind.CHOICE,
        default="system",
        title="Look",
        help="Light, dark, high contrast, or as the system is set.",
        example='"high_contrast"',
        choices=("system", "light", "dark", "high_contrast"),
    ),
    Policy(
        name="TextSizePercent",
        kind=Kind.NUMBER,
        default=100,
        title="Size of the text",
        help="In per cent of the system's text size.",
        example="150",
        minimum=100,
        maximum=200,
    ),
    Policy(
        name="CompactRows",
        kind=Kind.SWITCH,
        default=False,
        title="Compact rows",
        help="When true, the rows of the waiting room stand closer, so that more of them fit on a screen.",
        example="true",
    ),
    Policy(
        name="Language",
        kind=Kind.CHOICE,
        default="system",
        title="Language",
        help="English, Spanish, or the first of the system's languages that there is.",
        example='"es"',
        choices=("system", "en", "es"),
    ),
    Policy(
        name="SingleLetterKeys",
        kind=Kind.SWITCH,
        default=True,
        title="Single letters as keys",
        help=(
            "When false, no letter or digit by itself does anything; everything is reached by buttons, menus and the "
            "palette (Ctrl+K). For people who dictate."
        ),
        example="false",
    ),
    Policy(
        name="ArrivalSound",
        kind=Kind.SWITCH,
        default=True,
        title="Sound when a patient arrives",
        help="When false, arrivals are shown and not heard.",
        example="false",
    ),
    Policy(
        name="SilentAlerts",
        kind=Kind.CHOICES,
        default=None,
        title="Alerts without a sound",
        help=(
            "Kinds of alerts that are shown and announced and not heard: arrival, message, over_target, retriage, "
            "queue (a room over its limit), red_flag. ArrivalSound switches all of them off."
        ),
        example='["message", "retriage"]',
        choices=("message", "arrival", "retriage", "over_target", "queue", "red_flag"),
    ),
    Policy(
        name="QuietRooms",
        kind=Kind.NAMES,
        default=None,
        title="Waiting rooms that are quiet here",
        help=(
            "Names of waiting rooms; * stands for any characters. Of their patients only a red flag and an acuity of 1 "
            "are told on this computer, and they don't count in the badge. Their rows are shown as ever."
        ),
        example='["Follow-up"]',
    ),
    Policy(
        name="AlertOutputs",
        kind=Kind.CHOICE,
        default="usual",
        title="Where alerts sound",
        help=(
            "usual: on the system's usual output. also: on that and on the outputs of AlertDevices. every: on every "
            "output. So that the loudspeaker on the desk rings while the headset is put down."
        ),
        example='"every"',
        choices=("usual", "also", "every"),
    ),
    Policy(
        name="AlertDevices",
        kind=Kind.NAMES,
        default=None,
        title="Outputs on which alerts sound as well",
        help=(
            "Names of outputs as the system shows them; * stands for any characters. They count where AlertOutputs is "
            "also. When none of them is plugged in, alerts sound on every output and Carena says so."
        ),
        example='["Built-in Audio*"]',
    ),
)

BY_NAME: Final = {policy.name: policy for policy in POLICIES}
