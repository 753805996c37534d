<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en_US">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mo</source>
        <comment>age in months</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) are waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting · longest {longest}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n y</source>
        <comment>age in years</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A patient is waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access is logged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow camera and microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another device than before: compare codes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrival chime off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrival chime on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the patient to read theirs aloud, with the camera on. If it is the same, nobody on the way can listen. If it differs, the call is stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to waiting room</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Border of the shared screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera and microphone are closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera and microphone on · only you see and hear this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera is off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera off while you share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera on · only you see and hear this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Caps Lock is on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carena has not met this server before. Compare this fingerprint with the one your IT department gave you, or the one the server printed when it was set up. From then on this computer accepts no other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carena hears you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carena stopped here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the search or the filter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat is kept in memory and ends with the visit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checked in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another speaker, or turn up the volume of this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clinician</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Codecs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Codes differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Codes match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected · encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection details	I</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost. Reconnecting.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost. Reconnecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection: {word}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy visit link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you hear two notes?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss notice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted end to end, not verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted end to end, verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted visits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted, not verified. Compare this code with {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill the room, cut the edges	Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finding the shortest way for picture and sound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fingerprint of its certificate authority (SHA-256)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fingerprint this computer knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finish visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First contact with this server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen	F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generated for testing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes straight to the patient, encrypted. Not kept after the visit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I heard it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the patient&apos;s words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In visit before waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest wait first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look: dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look: light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look: system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for screens and windows…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost at first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May {name} see and hear you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Median wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message from the patient: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message to the patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone is off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone muted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone on · only you see and hear this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mute microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name, A to Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name, Z to A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next try in {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keys yet: nothing is sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No microphone was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No one is waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No patient matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No server answers at this address. Check the address and the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No speaker was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not plugged in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be shared: the system does not let Carena see its screens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing heard yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open yet. You are asked before every visit and can change it during the visit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is sent to a patient. Nothing opens before you turn it on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nurse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only you can tell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient&apos;s page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient&apos;s video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patients appear here as soon as they check in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture and sound could not be started. Restart Carena, or ask IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture and sound stopped working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture, sound and chat go to the patient under DTLS-SRTP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place in line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play test sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the test sound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason for visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason, A to Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason, Z to A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reconnecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejoin visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safety code: {code}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say something. Is the microphone muted on itself?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Screens and windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search patient or reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See every patient
on time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a patient to see the details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Self view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server away, the visit goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set by your organization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shared screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharing has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortest wait first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show waiting room</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show waiting room, %n waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in to Carena</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign-ins and visits are in the server&apos;s audit log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small window on top	W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody may have stood between you and {name}. Don&apos;t go on with this visit: call them, and tell IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Someone else changed this visit just before you. Look at its status now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something answers at this address, but it is not a Carena server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort: {order}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speaker not tested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speaker works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken by {name} just before you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not possible any more: the visit has moved on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is too long for the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That visit is no longer here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That visit link is not valid any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection could not be kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection got out of step and is being made again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {name} was lost. A new one is being made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fingerprint is not the one this computer knows. Someone may be between you and the server, or it was set up anew. Nothing was sent. Ask your IT department; there is no way past this screen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list is as it was before. Patients keep their places.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The part of Carena that handles them ended. You can rejoin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path carries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient has not agreed to the visit yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient is still on your list. You can rejoin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s browser can&apos;t be reached at the moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s camera is off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s connection is weak. Ask them to move closer to the router.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s device is another one than earlier in this visit. Compare the codes before you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is mirrored for you only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is on its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server and this program did not understand each other. Ask IT whether both are up to date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server had a problem of its own. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is busy. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refused what was entered. Check it and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not valid, so nothing was sent. Ask IT before you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The speaker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s keyring failed, so this sign-in is kept in memory only and ends with the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked, so this sign-in is kept in memory only and ends with the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test sound was not heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The username or the password is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The visit has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The visit is not finished yet. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The way leads over a relay far away. Speak in turns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The way to the patient is long. Speak in turns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Their microphone is off too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Their page is being told that you are here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They see all that is on it, also what appears later: other windows, messages, names. Close what they must not see. Your camera is off meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This call was not safe and was stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer is busy. Close other programs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a server address. It looks like carena.example.org or 192.168.1.20:8443.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This patient has already been taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server has changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server shows a different identity than before, so nothing was sent. Ask IT before you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This system has no keyring, so this sign-in is kept in memory only and ends with the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This version of Carena Desktop is too old or too new for the server. Ask IT for the matching version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time to encode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many failed attempts. Wait a little, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many requests in a short time. Wait a moment and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust this server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn it on and say something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn it on to see yourself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn on camera and microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unmute microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use your clinic account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Username</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verified with {name} on {day}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View: full screen, small window, fill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Visit link copied. It lets one patient in: send it only to that patient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting before in visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting room</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting room of the clinic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What may {name} see?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you shared can&apos;t be captured any more. Sharing has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are muted: the patient does not hear you. Press M to speak.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are sharing. The patient sees everything that is on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can still hear them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have signed in somewhere else, so this window was signed out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You heard the test sound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your account may not do that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection is slow. A cable is steadier than Wi-Fi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection is slow. Stop your camera to keep the sound good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your organization does not allow this server. Check the address, or ask IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session has ended. Sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session was ended for safety, because its key was used twice. Sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chosen, but not plugged in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy visit link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>direct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>generated {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in visit for {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nobody waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>patient(s)</source>
        <comment>the unit beside a large number</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>relayed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} could not be opened, or gives nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} does not work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} gives no sound at all; it may be switched off on the device itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} hears the speaker, and the patient may hear themselves. Use a headset, or turn the speaker down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} is blocked by the system&apos;s privacy settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} is in use by another program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} was not found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} was unplugged. Plug it in again or choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{field} is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has left the visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {here} from the patient, {there} from you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} fps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} kbit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} ms a frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} of 50 per s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} per s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{status}, with {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} from a file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
