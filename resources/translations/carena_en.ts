<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en_US">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n available</source>
        <translation>
            <numerusform>%n available</numerusform>
            <numerusform>%n available</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not delivered yet</source>
        <translation>
            <numerusform>%n file not delivered yet</numerusform>
            <numerusform>%n files not delivered yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frame(s) could not be opened. None was shown.</source>
        <translation>
            <numerusform>%n frame could not be opened. It was not shown.</numerusform>
            <numerusform>%n frames could not be opened. None was shown.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) not read</source>
        <translation>
            <numerusform>%n message not read</numerusform>
            <numerusform>%n messages not read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mo</source>
        <comment>age in months</comment>
        <translation>
            <numerusform>%n mo</numerusform>
            <numerusform>%n mo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new message(s) from waiting patients.</source>
        <translation>
            <numerusform>%n new message from waiting patients.</numerusform>
            <numerusform>%n new messages from waiting patients.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n on hold</source>
        <translation>
            <numerusform>%n on hold</numerusform>
            <numerusform>%n on hold</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n over target</source>
        <translation>
            <numerusform>%n over target</numerusform>
            <numerusform>%n over target</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s)</source>
        <translation>
            <numerusform>%n patient</numerusform>
            <numerusform>%n patients</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) gone, to call back</source>
        <translation>
            <numerusform>%n patient gone, to call back</numerusform>
            <numerusform>%n patients gone, to call back</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) over the target time.</source>
        <translation>
            <numerusform>%n patient over the target time.</numerusform>
            <numerusform>%n patients over the target time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) to triage again.</source>
        <translation>
            <numerusform>%n patient to triage again.</numerusform>
            <numerusform>%n patients to triage again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) waiting</source>
        <translation>
            <numerusform>%n patient waiting</numerusform>
            <numerusform>%n patients waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) waiting.</source>
        <translation>
            <numerusform>%n patient waiting.</numerusform>
            <numerusform>%n patients waiting.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) with a red flag waiting.</source>
        <translation>
            <numerusform>%n patient with a red flag waiting.</numerusform>
            <numerusform>%n patients with a red flag waiting.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n received file(s) not saved</source>
        <translation>
            <numerusform>%n received file not saved</numerusform>
            <numerusform>%n received files not saved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting · longest {longest}</source>
        <translation>
            <numerusform>%n waiting · longest {longest}</numerusform>
            <numerusform>%n waiting · longest {longest}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n y</source>
        <comment>age in years</comment>
        <translation>
            <numerusform>%n y</numerusform>
            <numerusform>%n y</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Carena locks in %n second(s)</source>
        <translation>
            <numerusform>Carena locks in %n second</numerusform>
            <numerusform>Carena locks in %n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Emergency access was taken %n time(s) within a day.</source>
        <translation>
            <numerusform>Emergency access was taken %n time within a day.</numerusform>
            <numerusform>Emergency access was taken %n times within a day.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>If still waiting, look again after %n minute(s).</source>
        <translation>
            <numerusform>If still waiting, look again after %n minute.</numerusform>
            <numerusform>If still waiting, look again after %n minutes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Message, %n not read</source>
        <translation>
            <numerusform>Message, %n not read</numerusform>
            <numerusform>Message, %n not read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On. %n recovery code(s) left.</source>
        <translation>
            <numerusform>On. %n recovery code left.</numerusform>
            <numerusform>On. %n recovery codes left.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Quiet for %n minute(s)</source>
        <translation>
            <numerusform>Quiet for %n minute</numerusform>
            <numerusform>Quiet for %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show chat, %n not read</source>
        <translation>
            <numerusform>Show chat, %n not read</numerusform>
            <numerusform>Show chat, %n not read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show waiting room, %n waiting</source>
        <translation>
            <numerusform>Show waiting room, %n waiting</numerusform>
            <numerusform>Show waiting room, %n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The patient wants to send you %n file(s).</source>
        <translation>
            <numerusform>The patient wants to send you %n file.</numerusform>
            <numerusform>The patient wants to send you %n files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Within %n minute(s)</source>
        <translation>
            <numerusform>Within %n minute</numerusform>
            <numerusform>Within %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>patient(s)</source>
        <comment>the unit beside a large number</comment>
        <translation>
            <numerusform>patient</numerusform>
            <numerusform>patients</numerusform>
        </translation>
    </message>
</context>
</TS>
