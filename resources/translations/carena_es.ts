<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en_US">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n available</source>
        <translation>
            <numerusform>%n disponible</numerusform>
            <numerusform>%n disponibles</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not delivered yet</source>
        <translation>
            <numerusform>%n archivo aún sin entregar</numerusform>
            <numerusform>%n archivos aún sin entregar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frame(s) could not be opened. None was shown.</source>
        <translation>
            <numerusform>%n fotograma no se pudo abrir. No se mostró.</numerusform>
            <numerusform>%n fotogramas no se pudieron abrir. Ninguno se mostró.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hora</numerusform>
            <numerusform>%n horas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) not read</source>
        <translation>
            <numerusform>%n mensaje sin leer</numerusform>
            <numerusform>%n mensajes sin leer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minuto</numerusform>
            <numerusform>%n minutos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mo</source>
        <comment>age in months</comment>
        <translation>
            <numerusform>%n mes</numerusform>
            <numerusform>%n meses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new message(s) from waiting patients.</source>
        <translation>
            <numerusform>%n mensaje nuevo de pacientes en espera.</numerusform>
            <numerusform>%n mensajes nuevos de pacientes en espera.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n on hold</source>
        <translation>
            <numerusform>%n en pausa</numerusform>
            <numerusform>%n en pausa</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n over target</source>
        <translation>
            <numerusform>%n fuera de plazo</numerusform>
            <numerusform>%n fuera de plazo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s)</source>
        <translation>
            <numerusform>%n paciente</numerusform>
            <numerusform>%n pacientes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) gone, to call back</source>
        <translation>
            <numerusform>%n paciente que se fue, para volver a llamar</numerusform>
            <numerusform>%n pacientes que se fueron, para volver a llamar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) over the target time.</source>
        <translation>
            <numerusform>%n paciente fuera de plazo.</numerusform>
            <numerusform>%n pacientes fuera de plazo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) to triage again.</source>
        <translation>
            <numerusform>%n paciente para repetir el triaje.</numerusform>
            <numerusform>%n pacientes para repetir el triaje.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) waiting</source>
        <translation>
            <numerusform>%n paciente en espera</numerusform>
            <numerusform>%n pacientes en espera</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) waiting.</source>
        <translation>
            <numerusform>%n paciente en espera.</numerusform>
            <numerusform>%n pacientes en espera.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patient(s) with a red flag waiting.</source>
        <translation>
            <numerusform>%n paciente con señal de alarma en espera.</numerusform>
            <numerusform>%n pacientes con señal de alarma en espera.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n received file(s) not saved</source>
        <translation>
            <numerusform>%n archivo recibido sin guardar</numerusform>
            <numerusform>%n archivos recibidos sin guardar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n segundo</numerusform>
            <numerusform>%n segundos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n en espera</numerusform>
            <numerusform>%n en espera</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting · longest {longest}</source>
        <translation>
            <numerusform>%n en espera · máximo {longest}</numerusform>
            <numerusform>%n en espera · máximo {longest}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n y</source>
        <comment>age in years</comment>
        <translation>
            <numerusform>%n año</numerusform>
            <numerusform>%n años</numerusform>
        </translation>
    </message>
    <message>
        <source>/min</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>A call to itself, then the way to the server. This takes about 15 seconds.</source>
        <translation>Una llamada a sí mismo y después el camino al servidor. Tarda unos 15 segundos.</translation>
    </message>
    <message>
        <source>A camera, a microphone or a speaker is missing. Plug it in, and check the system&apos;s privacy settings.</source>
        <translation>Falta una cámara, un micrófono o un altavoz. Conéctelo y compruebe los ajustes de privacidad del sistema.</translation>
    </message>
    <message>
        <source>A colleague has taken over this chat.</source>
        <translation>Un colega ha continuado este chat.</translation>
    </message>
    <message>
        <source>A colleague has taken this patient already.</source>
        <translation>Un colega ya ha tomado a este paciente.</translation>
    </message>
    <message>
        <source>A link asks to show a visit of {server}.</source>
        <translation>Un enlace pide mostrar una consulta de {server}.</translation>
    </message>
    <message>
        <source>A link was refused: it is no visit&apos;s address.</source>
        <translation>Se rechazó un enlace: no es la dirección de una consulta.</translation>
    </message>
    <message>
        <source>A link was refused: its server is not one that you use.</source>
        <translation>Se rechazó un enlace: su servidor no es uno de los que usted usa.</translation>
    </message>
    <message>
        <source>A log of what the program did, and figures of the last call, without patient data.</source>
        <translation>Un registro de lo que hizo el programa y cifras de la última llamada, sin datos de pacientes.</translation>
    </message>
    <message>
        <source>A number can&apos;t be read. Correct it, or leave it empty.</source>
        <translation>No se puede leer un número. Corríjalo o déjelo vacío.</translation>
    </message>
    <message>
        <source>A patient (name deleted)</source>
        <translation>Un paciente (nombre borrado)</translation>
    </message>
    <message>
        <source>A patient arrives</source>
        <translation>Llega un paciente</translation>
    </message>
    <message>
        <source>A patient is over the target time</source>
        <translation>Un paciente supera el tiempo objetivo</translation>
    </message>
    <message>
        <source>A patient is to be triaged again</source>
        <translation>Hay que volver a hacer el triaje a un paciente</translation>
    </message>
    <message>
        <source>A patient is waiting</source>
        <translation>Hay un paciente esperando</translation>
    </message>
    <message>
        <source>A patient is waiting, acuity {level}.</source>
        <translation>Hay un paciente esperando, gravedad {level}.</translation>
    </message>
    <message>
        <source>A patient is waiting.</source>
        <translation>Hay un paciente esperando.</translation>
    </message>
    <message>
        <source>A patient who waits writes</source>
        <translation>Escribe un paciente que espera</translation>
    </message>
    <message>
        <source>A patient with a red flag arrives</source>
        <translation>Llega un paciente con una señal de alarma</translation>
    </message>
    <message>
        <source>A relay can&apos;t be reached this way. IT finds its address and port in the detail.</source>
        <translation>No se llega a un repetidor por este camino. Informática encuentra su dirección y puerto en el detalle.</translation>
    </message>
    <message>
        <source>A visit can work on this computer.</source>
        <translation>En este equipo puede hacerse una consulta.</translation>
    </message>
    <message>
        <source>A visit can work on this computer. Some things could be better.</source>
        <translation>En este equipo puede hacerse una consulta. Algunas cosas podrían ir mejor.</translation>
    </message>
    <message>
        <source>A visit can&apos;t work on this computer as it is.</source>
        <translation>En este equipo no puede hacerse una consulta tal como está.</translation>
    </message>
    <message>
        <source>A visit is running. It has to be ended first.</source>
        <translation>Hay una consulta en curso. Primero hay que terminarla.</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Acerca de</translation>
    </message>
    <message>
        <source>Access is logged</source>
        <translation>El acceso queda registrado</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Cuenta</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>Cuentas</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Acción</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Acciones</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Actividad</translation>
    </message>
    <message>
        <source>Acuity</source>
        <translation>Gravedad</translation>
    </message>
    <message>
        <source>Acuity 1, Resuscitation</source>
        <translation>Gravedad 1, reanimación</translation>
    </message>
    <message>
        <source>Acuity 2, Emergent</source>
        <translation>Gravedad 2, emergencia</translation>
    </message>
    <message>
        <source>Acuity 3, Urgent</source>
        <translation>Gravedad 3, urgente</translation>
    </message>
    <message>
        <source>Acuity 4, Less urgent</source>
        <translation>Gravedad 4, menos urgente</translation>
    </message>
    <message>
        <source>Acuity 5, Non-urgent</source>
        <translation>Gravedad 5, no urgente</translation>
    </message>
    <message>
        <source>Acuity set</source>
        <translation>Gravedad asignada</translation>
    </message>
    <message>
        <source>Acuity {level} of 5, {word}</source>
        <translation>Gravedad {level} de 5, {word}</translation>
    </message>
    <message>
        <source>Acuity, least urgent first</source>
        <translation>Gravedad, menos urgente primero</translation>
    </message>
    <message>
        <source>Acuity, then wait</source>
        <translation>Gravedad y después espera</translation>
    </message>
    <message>
        <source>Add a question</source>
        <translation>Añadir una pregunta</translation>
    </message>
    <message>
        <source>Add account</source>
        <translation>Añadir cuenta</translation>
    </message>
    <message>
        <source>Add room</source>
        <translation>Añadir sala</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Administration</source>
        <translation>Administración</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>Administración</translation>
    </message>
    <message>
        <source>Alarm after minutes of waiting, 0 for none</source>
        <translation>Alarma tras minutos de espera, 0 para ninguna</translation>
    </message>
    <message>
        <source>Alarm when so many wait, 0 for none</source>
        <translation>Alarma cuando esperen tantos, 0 para ninguna</translation>
    </message>
    <message>
        <source>Alert me again</source>
        <translation>Volver a avisarme</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Avisos</translation>
    </message>
    <message>
        <source>Alerts are quiet</source>
        <translation>Avisos en silencio</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>De acuerdo</translation>
    </message>
    <message>
        <source>All rooms</source>
        <translation>Todas las salas</translation>
    </message>
    <message>
        <source>Allergies</source>
        <translation>Alergias</translation>
    </message>
    <message>
        <source>Allow camera and microphone</source>
        <translation>Permitir cámara y micrófono</translation>
    </message>
    <message>
        <source>American Sign Language</source>
        <translation>Lengua de señas americana</translation>
    </message>
    <message>
        <source>Amharic</source>
        <translation>Amárico</translation>
    </message>
    <message>
        <source>An answer is required</source>
        <translation>La respuesta es obligatoria</translation>
    </message>
    <message>
        <source>An authenticator on your phone shows a new code every half minute. Each sign-in asks for it.</source>
        <translation>Un autenticador en su teléfono muestra un código nuevo cada medio minuto. Cada inicio de sesión lo pide.</translation>
    </message>
    <message>
        <source>Another device than before in this chat. Compare the code by telephone before you write more.</source>
        <translation>Otro dispositivo que antes en este chat. Compare el código por teléfono antes de seguir escribiendo.</translation>
    </message>
    <message>
        <source>Another device than before: compare codes</source>
        <translation>Un dispositivo distinto al de antes: compare los códigos</translation>
    </message>
    <message>
        <source>Answers to choose from, English</source>
        <translation>Respuestas para elegir, en inglés</translation>
    </message>
    <message>
        <source>Answers to choose from, Spanish</source>
        <translation>Respuestas para elegir, en español</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Cualquier momento</translation>
    </message>
    <message>
        <source>Anyone</source>
        <translation>Cualquiera</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Area before</source>
        <translation>Área anterior</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>Armenio</translation>
    </message>
    <message>
        <source>Arrival chime off</source>
        <translation>Timbre desactivado</translation>
    </message>
    <message>
        <source>Arrival chime on</source>
        <translation>Timbre activado</translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation>Ha llegado</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Ask for a photo</source>
        <translation>Pedir una foto</translation>
    </message>
    <message>
        <source>Ask the patient for a photo, or not any more</source>
        <translation>Pedir una foto al paciente, o dejar de pedirla</translation>
    </message>
    <message>
        <source>Ask the patient to read theirs aloud, with the camera on. If it is the same, nobody on the way can listen. If it differs, the call is stopped.</source>
        <translation>Pida al paciente que lea el suyo en voz alta, con la cámara encendida. Si es igual, nadie puede escuchar por el camino. Si es distinto, la llamada se detiene.</translation>
    </message>
    <message>
        <source>Ask the patient, and tick what agrees; correct place and number where they say another one. What you confirm is noted with your name and the time.</source>
        <translation>Pregunte al paciente y marque lo que coincide; corrija el lugar y el número si dice otros. Lo que confirme queda anotado con su nombre y la hora.</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>Asignar</translation>
    </message>
    <message>
        <source>Assign to whom?</source>
        <translation>¿A quién asignar?</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Asignado</translation>
    </message>
    <message>
        <source>Assigned to me</source>
        <translation>Asignados a mí</translation>
    </message>
    <message>
        <source>Assigned to nobody</source>
        <translation>Sin asignar</translation>
    </message>
    <message>
        <source>Assigned: {name}.</source>
        <translation>Asignado: {name}.</translation>
    </message>
    <message>
        <source>Assign…</source>
        <translation>Asignar…</translation>
    </message>
    <message>
        <source>At least as long as your organization asks; any characters.</source>
        <translation>Al menos tan larga como pida su organización; con cualquier carácter.</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>De inmediato</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>Registro de auditoría</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Disponible</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Ausente</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>Back in the queue: {name}.</source>
        <translation>De nuevo en la cola: {name}.</translation>
    </message>
    <message>
        <source>Back to the visit</source>
        <translation>Volver a la consulta</translation>
    </message>
    <message>
        <source>Back to waiting room</source>
        <translation>Volver a la sala de espera</translation>
    </message>
    <message>
        <source>Bangla</source>
        <translation>Bengalí</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Blood pressure</source>
        <translation>Tensión arterial</translation>
    </message>
    <message>
        <source>Border of the shared screen</source>
        <translation>Borde de la pantalla compartida</translation>
    </message>
    <message>
        <source>Burmese</source>
        <translation>Birmano</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>Ocupado</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>Volver a llamar</translation>
    </message>
    <message>
        <source>Call back a patient who is gone</source>
        <translation>Volver a llamar a un paciente que se fue</translation>
    </message>
    <message>
        <source>Call emergency services now</source>
        <translation>Llame ahora a emergencias</translation>
    </message>
    <message>
        <source>Call-back</source>
        <translation>Teléfono de contacto</translation>
    </message>
    <message>
        <source>Call-back number</source>
        <translation>Teléfono para devolver la llamada</translation>
    </message>
    <message>
        <source>Called back</source>
        <translation>Llamado de nuevo</translation>
    </message>
    <message>
        <source>Called back: the patient&apos;s link leads to the old place again.</source>
        <translation>Se volvió a llamar: el enlace del paciente lleva de nuevo a su lugar.</translation>
    </message>
    <message>
        <source>Called back: {name}.</source>
        <translation>Llamado de nuevo: {name}.</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Camera and microphone are closed.</source>
        <translation>La cámara y el micrófono están cerrados.</translation>
    </message>
    <message>
        <source>Camera and microphone on · only you see and hear this</source>
        <translation>Cámara y micrófono encendidos · solo usted lo ve y lo oye</translation>
    </message>
    <message>
        <source>Camera blocked by the browser</source>
        <translation>Cámara bloqueada por el navegador</translation>
    </message>
    <message>
        <source>Camera does not work</source>
        <translation>La cámara no funciona</translation>
    </message>
    <message>
        <source>Camera is off</source>
        <translation>La cámara está apagada</translation>
    </message>
    <message>
        <source>Camera live</source>
        <translation>Cámara en directo</translation>
    </message>
    <message>
        <source>Camera not tested</source>
        <translation>Cámara sin probar</translation>
    </message>
    <message>
        <source>Camera off</source>
        <translation>Cámara apagada</translation>
    </message>
    <message>
        <source>Camera on · only you see and hear this</source>
        <translation>Cámara encendida · solo usted la ve</translation>
    </message>
    <message>
        <source>Camera works</source>
        <translation>La cámara funciona</translation>
    </message>
    <message>
        <source>Camera: {name}</source>
        <translation>Cámara: {name}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cancel file</source>
        <translation>Cancelar archivo</translation>
    </message>
    <message>
        <source>Caps Lock is on</source>
        <translation>Las mayúsculas están activadas</translation>
    </message>
    <message>
        <source>Carena did not end well last time. A report helps IT to find out why; it is sent nowhere.</source>
        <translation>Carena no terminó bien la última vez. Un informe ayuda a informática a saber por qué; no se envía a ninguna parte.</translation>
    </message>
    <message>
        <source>Carena has not met this server before. Compare this fingerprint with the one your IT department gave you, or the one the server printed when it was set up. From then on this computer accepts no other.</source>
        <translation>Carena no conoce todavía este servidor. Compare esta huella con la que le dio su departamento de informática o con la que el servidor mostró al instalarse. A partir de entonces este equipo no acepta ninguna otra.</translation>
    </message>
    <message>
        <source>Carena hears you.</source>
        <translation>Carena le oye.</translation>
    </message>
    <message>
        <source>Carena is locked</source>
        <translation>Carena está bloqueado</translation>
    </message>
    <message numerus="yes">
        <source>Carena locks in %n second(s)</source>
        <translation>
            <numerusform>Carena se bloquea en %n segundo</numerusform>
            <numerusform>Carena se bloquea en %n segundos</numerusform>
        </translation>
    </message>
    <message>
        <source>Carena locks soon</source>
        <translation>Carena se bloqueará pronto</translation>
    </message>
    <message>
        <source>Carena needs your attention</source>
        <translation>Carena necesita su atención</translation>
    </message>
    <message>
        <source>Carena stopped here.</source>
        <translation>Carena se ha detenido aquí.</translation>
    </message>
    <message>
        <source>Carena {version} is out; you have {present}. IT installs it: ask when.</source>
        <translation>Ya existe Carena {version}; usted tiene {present}. Lo instala informática: pregunte cuándo.</translation>
    </message>
    <message>
        <source>Change password</source>
        <translation>Cambiar contraseña</translation>
    </message>
    <message>
        <source>Change taken back</source>
        <translation>Cambio deshecho</translation>
    </message>
    <message>
        <source>Change the search or the filter.</source>
        <translation>Cambie la búsqueda o el filtro.</translation>
    </message>
    <message>
        <source>Change the two pictures: camera and screen</source>
        <translation>Intercambiar las dos imágenes: cámara y pantalla</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>Chat is kept in memory and ends with the visit.</source>
        <translation>El chat se guarda solo en memoria y termina con la consulta.</translation>
    </message>
    <message>
        <source>Chat with the waiting patient</source>
        <translation>Chat con el paciente en espera</translation>
    </message>
    <message>
        <source>Chat, files and patient</source>
        <translation>Chat, archivos y paciente</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Probar de nuevo</translation>
    </message>
    <message>
        <source>Check devices</source>
        <translation>Probar dispositivos</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>Probar este equipo</translation>
    </message>
    <message>
        <source>Checked in</source>
        <comment>when the patient did, beside a time</comment>
        <translation>Llegada</translation>
    </message>
    <message>
        <source>Checked in</source>
        <translation>Llegada</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Comprobando…</translation>
    </message>
    <message>
        <source>Chest pain or pressure</source>
        <translation>Dolor u opresión en el pecho</translation>
    </message>
    <message>
        <source>Chief complaint</source>
        <translation>Motivo principal</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Choose an acuity first: keys 1 to 5.</source>
        <translation>Elija primero la gravedad: teclas 1 a 5.</translation>
    </message>
    <message>
        <source>Choose another speaker, or turn up the volume of this computer.</source>
        <translation>Elija otro altavoz o suba el volumen de este equipo.</translation>
    </message>
    <message>
        <source>Choose devices</source>
        <translation>Elegir dispositivos</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Reservar</translation>
    </message>
    <message>
        <source>Claim given back</source>
        <translation>Reserva devuelta</translation>
    </message>
    <message>
        <source>Claim given back: {name}.</source>
        <translation>Reserva devuelta: {name}.</translation>
    </message>
    <message>
        <source>Claimed</source>
        <translation>Reservado</translation>
    </message>
    <message>
        <source>Claimed: {name}.</source>
        <translation>Reservado: {name}.</translation>
    </message>
    <message>
        <source>Clinician</source>
        <translation>Personal clínico</translation>
    </message>
    <message>
        <source>Clinician stepped away</source>
        <translation>El profesional se ha ausentado</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Close as not here?</source>
        <translation>¿Cerrar porque no está?</translation>
    </message>
    <message>
        <source>Close details</source>
        <translation>Cerrar detalles</translation>
    </message>
    <message>
        <source>Close picture</source>
        <translation>Cerrar imagen</translation>
    </message>
    <message>
        <source>Close the chat</source>
        <translation>Cerrar el chat</translation>
    </message>
    <message>
        <source>Close the visit</source>
        <translation>Cerrar la consulta</translation>
    </message>
    <message>
        <source>Close what is open</source>
        <translation>Cerrar lo que está abierto</translation>
    </message>
    <message>
        <source>Code of your authenticator</source>
        <translation>Código de su autenticador</translation>
    </message>
    <message>
        <source>Code of your authenticator, or a recovery code</source>
        <translation>Código de su autenticador o un código de recuperación</translation>
    </message>
    <message>
        <source>Code that the authenticator shows</source>
        <translation>Código que muestra el autenticador</translation>
    </message>
    <message>
        <source>Codecs</source>
        <translation>Códecs</translation>
    </message>
    <message>
        <source>Codes differ</source>
        <translation>No coinciden</translation>
    </message>
    <message>
        <source>Codes match</source>
        <translation>Coinciden</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Paleta de comandos</translation>
    </message>
    <message>
        <source>Compact rows</source>
        <translation>Filas compactas</translation>
    </message>
    <message>
        <source>Compare safety codes</source>
        <translation>Comparar códigos de seguridad</translation>
    </message>
    <message>
        <source>Compare the safety code first (C)</source>
        <translation>Compare primero el código de seguridad (C)</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Completada</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>Equipo</translation>
    </message>
    <message>
        <source>Conditions</source>
        <translation>Enfermedades</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmar</translation>
    </message>
    <message>
        <source>Confirm identity</source>
        <translation>Confirmar identidad</translation>
    </message>
    <message>
        <source>Confirm who this is</source>
        <translation>Confirmar quién es</translation>
    </message>
    <message>
        <source>Confirmed {time}</source>
        <translation>Confirmado {time}</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Conectado</translation>
    </message>
    <message>
        <source>Connected again.</source>
        <translation>Conectado de nuevo.</translation>
    </message>
    <message>
        <source>Connected · encrypted</source>
        <translation>Conectado · cifrado</translation>
    </message>
    <message>
        <source>Connecting to {name}</source>
        <translation>Conectando con {name}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <source>Connection</source>
        <comment>leg</comment>
        <translation>Conexión</translation>
    </message>
    <message>
        <source>Connection details</source>
        <translation>Detalles de la conexión</translation>
    </message>
    <message>
        <source>Connection details	I</source>
        <translation>Detalles de la conexión	I</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>Conexión perdida</translation>
    </message>
    <message>
        <source>Connection lost. Reconnecting.</source>
        <translation>Conexión perdida. Reconectando.</translation>
    </message>
    <message>
        <source>Connection lost. Reconnecting…</source>
        <translation>Conexión perdida. Reconectando…</translation>
    </message>
    <message>
        <source>Connection: {word}</source>
        <translation>Conexión: {word}</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>Consentimiento</translation>
    </message>
    <message>
        <source>Copy codes</source>
        <translation>Copiar códigos</translation>
    </message>
    <message>
        <source>Copy visit link</source>
        <translation>Copiar enlace de consulta</translation>
    </message>
    <message>
        <source>Could be better</source>
        <translation>Podría ir mejor</translation>
    </message>
    <message>
        <source>Could not be held by video</source>
        <translation>No se pudo hacer por vídeo</translation>
    </message>
    <message>
        <source>Ctrl Enter</source>
        <translation>Ctrl Intro</translation>
    </message>
    <message>
        <source>Ctrl K</source>
        <translation>Ctrl K</translation>
    </message>
    <message>
        <source>Ctrl Z</source>
        <translation>Ctrl Z</translation>
    </message>
    <message>
        <source>Ctrl+Z takes it back.</source>
        <translation>Ctrl+Z lo deshace.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Date of birth</source>
        <translation>Fecha de nacimiento</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Decline file</source>
        <translation>Rechazar archivo</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Detalle</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Details are on their way…</source>
        <translation>Los detalles están en camino…</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Device check</source>
        <translation>Prueba de dispositivos</translation>
    </message>
    <message>
        <source>Device problems first</source>
        <translation>Problemas de dispositivo primero</translation>
    </message>
    <message>
        <source>Device problems last</source>
        <translation>Problemas de dispositivo al final</translation>
    </message>
    <message>
        <source>Device test reported</source>
        <translation>Prueba de dispositivos recibida</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Devices not tested yet</source>
        <translation>Dispositivos aún sin probar</translation>
    </message>
    <message>
        <source>Diastolic</source>
        <translation>Diastólica</translation>
    </message>
    <message>
        <source>Did you hear two notes?</source>
        <translation>¿Ha oído dos notas?</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>Desactivar</translation>
    </message>
    <message>
        <source>Dismiss notice</source>
        <translation>Cerrar el aviso</translation>
    </message>
    <message>
        <source>Does not work</source>
        <translation>No funciona</translation>
    </message>
    <message>
        <source>Don&apos;t ask any more</source>
        <translation>No pedirla más</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Double arrival merged</source>
        <translation>Llegada doble unida</translation>
    </message>
    <message>
        <source>Each code signs you in once, for the day the authenticator is lost. They are not shown again.</source>
        <translation>Cada código sirve para iniciar sesión una vez, para el día en que pierda el autenticador. No se vuelven a mostrar.</translation>
    </message>
    <message>
        <source>Emergency access</source>
        <translation>Acceso de emergencia</translation>
    </message>
    <message>
        <source>Emergency access has begun. Administrators have been told.</source>
        <translation>El acceso de emergencia ha comenzado. Se ha avisado a la administración.</translation>
    </message>
    <message>
        <source>Emergency access has ended.</source>
        <translation>El acceso de emergencia ha terminado.</translation>
    </message>
    <message numerus="yes">
        <source>Emergency access was taken %n time(s) within a day.</source>
        <translation>
            <numerusform>Se usó el acceso de emergencia %n vez en un día.</numerusform>
            <numerusform>Se usó el acceso de emergencia %n veces en un día.</numerusform>
        </translation>
    </message>
    <message>
        <source>Emergency access was taken.</source>
        <translation>Alguien usa el acceso de emergencia.</translation>
    </message>
    <message>
        <source>Emergency access: you see every waiting room until {time}. Whatever you open is noted.</source>
        <translation>Acceso de emergencia: ve todas las salas de espera hasta las {time}. Lo que abra queda anotado.</translation>
    </message>
    <message>
        <source>Emergent</source>
        <translation>Emergencia</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>Activar</translation>
    </message>
    <message>
        <source>Encrypted end to end, not verified</source>
        <translation>Cifrado de extremo a extremo, sin verificar</translation>
    </message>
    <message>
        <source>Encrypted end to end, verified</source>
        <translation>Cifrado de extremo a extremo, verificado</translation>
    </message>
    <message>
        <source>Encrypted end to end. Deleted with the visit.</source>
        <translation>Cifrado de extremo a extremo. Se borra con la consulta.</translation>
    </message>
    <message>
        <source>Encrypted visits</source>
        <translation>Consultas cifradas</translation>
    </message>
    <message>
        <source>Encrypted, not verified. Compare this code with {name}.</source>
        <translation>Cifrado, sin verificar. Compare este código con {name}.</translation>
    </message>
    <message>
        <source>Encrypted, not verified. To be sure, compare the code by telephone; the patient&apos;s page shows it, too.</source>
        <translation>Cifrado, sin verificar. Para estar seguro, compare el código por teléfono; la página del paciente también lo muestra.</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Cifrado</translation>
    </message>
    <message>
        <source>End and delete them</source>
        <translation>Terminar y borrarlos</translation>
    </message>
    <message>
        <source>End emergency access</source>
        <translation>Terminar el acceso de emergencia</translation>
    </message>
    <message>
        <source>End it</source>
        <translation>Terminarlo</translation>
    </message>
    <message>
        <source>End session</source>
        <translation>Terminar sesión</translation>
    </message>
    <message>
        <source>End visit</source>
        <translation>Terminar consulta</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Intro</translation>
    </message>
    <message>
        <source>Enter the code of your authenticator, or a recovery code.</source>
        <translation>Escriba el código de su autenticador o un código de recuperación.</translation>
    </message>
    <message>
        <source>Every output</source>
        <translation>Todas las salidas</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>En todas partes</translation>
    </message>
    <message>
        <source>Export the audit log</source>
        <translation>Exportar el registro de auditoría</translation>
    </message>
    <message>
        <source>Exported. Only you can read the file.</source>
        <translation>Exportado. Solo usted puede leer el archivo.</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>F6</source>
        <translation>F6</translation>
    </message>
    <message>
        <source>Face, arm or speech change</source>
        <translation>Cambio en cara, brazo o habla</translation>
    </message>
    <message>
        <source>Fainting or confusion</source>
        <translation>Desmayo o confusión</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>Regular</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Archivos</translation>
    </message>
    <message>
        <source>Files {count}</source>
        <translation>Archivos {count}</translation>
    </message>
    <message>
        <source>Fill the room, cut the edges</source>
        <translation>Llenar el espacio, recortar los bordes</translation>
    </message>
    <message>
        <source>Fill the room, cut the edges	Z</source>
        <translation>Llenar el espacio, recortar los bordes	Z</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Finding the shortest way for picture and sound.</source>
        <translation>Buscando el camino más corto para imagen y sonido.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Fingerprint of its certificate authority (SHA-256)</source>
        <translation>Huella de su autoridad de certificación (SHA-256)</translation>
    </message>
    <message>
        <source>Fingerprint this computer knows</source>
        <translation>Huella que este equipo conoce</translation>
    </message>
    <message>
        <source>Finish the visit?</source>
        <translation>¿Cerrar la consulta?</translation>
    </message>
    <message>
        <source>Finish visit</source>
        <translation>Cerrar consulta</translation>
    </message>
    <message>
        <source>Finish visit…</source>
        <translation>Cerrar consulta…</translation>
    </message>
    <message>
        <source>First contact with this server</source>
        <translation>Primer contacto con este servidor</translation>
    </message>
    <message>
        <source>First password</source>
        <translation>Primera contraseña</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Durante</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Fotogramas</translation>
    </message>
    <message>
        <source>Frames not opened</source>
        <translation>Fotogramas no abiertos</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Francés</translation>
    </message>
    <message>
        <source>Friday</source>
        <translation>Viernes</translation>
    </message>
    <message>
        <source>From a device</source>
        <translation>De un dispositivo</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>De un archivo</translation>
    </message>
    <message>
        <source>From the patient</source>
        <translation>Del paciente</translation>
    </message>
    <message>
        <source>From you</source>
        <translation>De usted</translation>
    </message>
    <message>
        <source>From {low} to {high}.</source>
        <translation>De {low} a {high}.</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Nombre completo</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pantalla completa</translation>
    </message>
    <message>
        <source>Full screen	F</source>
        <translation>Pantalla completa	F</translation>
    </message>
    <message>
        <source>Generated for testing</source>
        <translation>Generado para pruebas</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Alemán</translation>
    </message>
    <message>
        <source>Given {time}</source>
        <translation>Dado {time}</translation>
    </message>
    <message>
        <source>Goes straight between you and the patient, encrypted. Deleted here when the visit ends, unless saved.</source>
        <translation>Va directamente entre usted y el paciente, cifrado. Se borra aquí al terminar la consulta, salvo que lo guarde.</translation>
    </message>
    <message>
        <source>Goes straight to the patient, encrypted. Not kept after the visit.</source>
        <translation>Va directamente al paciente, cifrado. No se guarda después de la consulta.</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Buena</translation>
    </message>
    <message>
        <source>Gujarati</source>
        <translation>Guyaratí</translation>
    </message>
    <message>
        <source>Haitian Creole</source>
        <translation>Criollo haitiano</translation>
    </message>
    <message>
        <source>Handed to emergency services</source>
        <translation>Derivado a urgencias</translation>
    </message>
    <message>
        <source>Hear it</source>
        <translation>Escucharlo</translation>
    </message>
    <message>
        <source>Heart rate</source>
        <translation>Frecuencia cardíaca</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Hebreo</translation>
    </message>
    <message>
        <source>Hide chat</source>
        <translation>Ocultar chat</translation>
    </message>
    <message>
        <source>Hide password</source>
        <translation>Ocultar contraseña</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Alta</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Alto contraste</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>Hindi</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Hmong</source>
        <translation>Hmong</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Página</translation>
    </message>
    <message>
        <source>I have kept them</source>
        <translation>Los he guardado</translation>
    </message>
    <message>
        <source>I heard it</source>
        <translation>Lo he oído</translation>
    </message>
    <message>
        <source>Identifier of a visit or an account</source>
        <translation>Identificador de una consulta o de una cuenta</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>Identidad</translation>
    </message>
    <message>
        <source>Identity confirmed</source>
        <translation>Identidad confirmada</translation>
    </message>
    <message>
        <source>Identity confirmed {time}</source>
        <translation>Identidad confirmada {time}</translation>
    </message>
    <message>
        <source>If it gets worse</source>
        <translation>Si empeora</translation>
    </message>
    <message numerus="yes">
        <source>If still waiting, look again after %n minute(s).</source>
        <translation>
            <numerusform>Si sigue esperando, vuelva a mirar en %n minuto.</numerusform>
            <numerusform>Si sigue esperando, vuelva a mirar en %n minutos.</numerusform>
        </translation>
    </message>
    <message>
        <source>In force</source>
        <translation>En vigor</translation>
    </message>
    <message>
        <source>In the patient&apos;s words</source>
        <translation>En palabras del paciente</translation>
    </message>
    <message>
        <source>In visit</source>
        <translation>En consulta</translation>
    </message>
    <message>
        <source>In visit with {name}, on hold now.</source>
        <translation>En consulta con {name}, ahora en pausa.</translation>
    </message>
    <message>
        <source>In visit with {name}, who has stepped away.</source>
        <translation>En consulta con {name}, que se ha ausentado.</translation>
    </message>
    <message>
        <source>In visit with {name}.</source>
        <translation>En consulta con {name}.</translation>
    </message>
    <message>
        <source>Interpreter</source>
        <translation>Intérprete</translation>
    </message>
    <message>
        <source>It is too late for that.</source>
        <translation>Ya es tarde para eso.</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>Italiano</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japonés</translation>
    </message>
    <message>
        <source>Key agreement</source>
        <translation>Acuerdo de claves</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Claves</translation>
    </message>
    <message>
        <source>Keys of patients&apos; devices that you compared by safety code, without names.</source>
        <translation>Claves de dispositivos de pacientes que usted comparó con el código de seguridad, sin nombres.</translation>
    </message>
    <message>
        <source>Khmer</source>
        <translation>Jemer</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Coreano</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Language, A to Z</source>
        <translation>Idioma, de la A a la Z</translation>
    </message>
    <message>
        <source>Language, Z to A</source>
        <translation>Idioma, de la Z a la A</translation>
    </message>
    <message>
        <source>Language: {language}</source>
        <translation>Idioma: {language}</translation>
    </message>
    <message>
        <source>Lao</source>
        <translation>Lao</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Último uso</translation>
    </message>
    <message>
        <source>Less urgent</source>
        <translation>Menos urgente</translation>
    </message>
    <message>
        <source>Letters and digits by themselves. Off: only buttons, menus, and the palette (Ctrl+K).</source>
        <translation>Letras y cifras por sí solas. Desactivado: solo botones, menús y la paleta (Ctrl+K).</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licencia</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Like 08:00-12:00, 14:00-18:00. A day without a time is closed; without any time: always open.</source>
        <translation>Por ejemplo 08:00-12:00, 14:00-18:00. Un día sin horas está cerrado; sin ninguna hora: siempre abierta.</translation>
    </message>
    <message>
        <source>Location now</source>
        <translation>Lugar actual</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Bloquear</translation>
    </message>
    <message>
        <source>Lock without use</source>
        <translation>Bloquear sin uso</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Bloqueado</translation>
    </message>
    <message>
        <source>Longest wait first</source>
        <translation>Mayor espera primero</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Look: dark</source>
        <translation>Aspecto: oscuro</translation>
    </message>
    <message>
        <source>Look: high contrast</source>
        <translation>Aspecto: alto contraste</translation>
    </message>
    <message>
        <source>Look: light</source>
        <translation>Aspecto: claro</translation>
    </message>
    <message>
        <source>Look: system</source>
        <translation>Aspecto: sistema</translation>
    </message>
    <message>
        <source>Looking for screens and windows…</source>
        <translation>Buscando pantallas y ventanas…</translation>
    </message>
    <message>
        <source>Lost at first</source>
        <translation>Perdido al principio</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Baja</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Hecho con</translation>
    </message>
    <message>
        <source>Making a safe connection to the patient&apos;s page…</source>
        <translation>Estableciendo una conexión segura con la página del paciente…</translation>
    </message>
    <message>
        <source>Mark as ready</source>
        <translation>Marcar como listo</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Marcado</translation>
    </message>
    <message>
        <source>Marked as needing triage: {name}.</source>
        <translation>Marcado como pendiente de triaje: {name}.</translation>
    </message>
    <message>
        <source>Marked as ready: {name}.</source>
        <translation>Marcado como listo: {name}.</translation>
    </message>
    <message>
        <source>May {name} see and hear you?</source>
        <translation>¿Puede {name} verle y oírle?</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Yo</translation>
    </message>
    <message>
        <source>Measured by staff</source>
        <translation>Medido por el personal</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Midiendo</translation>
    </message>
    <message>
        <source>Median wait</source>
        <translation>Espera mediana</translation>
    </message>
    <message>
        <source>Medicines</source>
        <translation>Medicamentos</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Unir</translation>
    </message>
    <message>
        <source>Merge double arrival…</source>
        <translation>Unir llegada doble…</translation>
    </message>
    <message>
        <source>Merge the two arrivals?</source>
        <translation>¿Unir las dos llegadas?</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensaje</translation>
    </message>
    <message>
        <source>Message from the patient: {words}</source>
        <translation>Mensaje del paciente: {words}</translation>
    </message>
    <message>
        <source>Message the patient</source>
        <translation>Escribir al paciente</translation>
    </message>
    <message>
        <source>Message to the patient</source>
        <translation>Mensaje para el paciente</translation>
    </message>
    <message numerus="yes">
        <source>Message, %n not read</source>
        <translation>
            <numerusform>Mensaje, %n sin leer</numerusform>
            <numerusform>Mensaje, %n sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>Messages did not get through on this computer. A security program may block local connections.</source>
        <translation>Los mensajes no llegaron en este equipo. Un programa de seguridad puede bloquear las conexiones locales.</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Microphone is off</source>
        <translation>El micrófono está apagado</translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation>Nivel del micrófono</translation>
    </message>
    <message>
        <source>Microphone live</source>
        <translation>Micrófono en directo</translation>
    </message>
    <message>
        <source>Microphone muted</source>
        <translation>Micrófono silenciado</translation>
    </message>
    <message>
        <source>Microphone off</source>
        <translation>Micrófono apagado</translation>
    </message>
    <message>
        <source>Microphone on · only you see and hear this</source>
        <translation>Micrófono encendido · solo usted lo oye</translation>
    </message>
    <message>
        <source>Microphone only</source>
        <translation>Solo micrófono</translation>
    </message>
    <message>
        <source>Microphone works</source>
        <translation>El micrófono funciona</translation>
    </message>
    <message>
        <source>Microphone: {name}</source>
        <translation>Micrófono: {name}</translation>
    </message>
    <message>
        <source>Minutes a patient may step out</source>
        <translation>Minutos que un paciente puede salir</translation>
    </message>
    <message>
        <source>Monday</source>
        <translation>Lunes</translation>
    </message>
    <message>
        <source>More actions</source>
        <translation>Más acciones</translation>
    </message>
    <message>
        <source>Move the mouse or press any key to stay.</source>
        <translation>Mueva el ratón o pulse cualquier tecla para continuar.</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
    <message>
        <source>Mute microphone</source>
        <translation>Silenciar micrófono</translation>
    </message>
    <message>
        <source>Mute or unmute the microphone</source>
        <translation>Silenciar o activar el micrófono</translation>
    </message>
    <message>
        <source>My account</source>
        <translation>Mi cuenta</translation>
    </message>
    <message>
        <source>My patients first</source>
        <translation>Mis pacientes primero</translation>
    </message>
    <message>
        <source>My patients last</source>
        <translation>Mis pacientes al final</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Name of the new account</source>
        <translation>Nombre de la cuenta nueva</translation>
    </message>
    <message>
        <source>Name of the new room</source>
        <translation>Nombre de la sala nueva</translation>
    </message>
    <message>
        <source>Name of the room</source>
        <translation>Nombre de la sala</translation>
    </message>
    <message>
        <source>Name, A to Z</source>
        <translation>Nombre, de la A a la Z</translation>
    </message>
    <message>
        <source>Name, Z to A</source>
        <translation>Nombre, de la Z a la A</translation>
    </message>
    <message>
        <source>Navajo</source>
        <translation>Navajo</translation>
    </message>
    <message>
        <source>Needs triage</source>
        <translation>Falta triaje</translation>
    </message>
    <message>
        <source>Nepali</source>
        <translation>Nepalí</translation>
    </message>
    <message>
        <source>Neutral text</source>
        <translation>Texto neutro</translation>
    </message>
    <message>
        <source>New account</source>
        <translation>Cuenta nueva</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Contraseña nueva</translation>
    </message>
    <message>
        <source>New password again</source>
        <translation>Contraseña nueva otra vez</translation>
    </message>
    <message>
        <source>New recovery codes</source>
        <translation>Códigos de recuperación nuevos</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Sala nueva</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Área siguiente</translation>
    </message>
    <message>
        <source>Next patient</source>
        <translation>Paciente siguiente</translation>
    </message>
    <message>
        <source>Next try in {time}.</source>
        <translation>Próximo intento en {time}.</translation>
    </message>
    <message>
        <source>No Carena server answers at this address. Check the address and the network, or ask IT.</source>
        <translation>Ningún servidor de Carena responde en esta dirección. Compruebe la dirección y la red o pregunte a informática.</translation>
    </message>
    <message>
        <source>No action has these words.</source>
        <translation>Ninguna acción contiene estas palabras.</translation>
    </message>
    <message>
        <source>No acuity yet</source>
        <translation>Aún sin gravedad</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Sin cámara</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>No se encontró ninguna cámara</translation>
    </message>
    <message>
        <source>No changes</source>
        <translation>Sin cambios</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <source>No consent</source>
        <translation>Sin permiso</translation>
    </message>
    <message>
        <source>No files yet. What the patient sends stays here, encrypted, until you save it or the visit ends.</source>
        <translation>Aún no hay archivos. Lo que envíe el paciente queda aquí, cifrado, hasta que lo guarde o termine la consulta.</translation>
    </message>
    <message>
        <source>No keys yet: nothing is sent</source>
        <translation>Aún no hay claves: no se envía nada</translation>
    </message>
    <message>
        <source>No language given</source>
        <translation>Idioma no indicado</translation>
    </message>
    <message>
        <source>No microphone was found</source>
        <translation>No se encontró ningún micrófono</translation>
    </message>
    <message>
        <source>No one is waiting</source>
        <translation>No hay nadie esperando</translation>
    </message>
    <message>
        <source>No patient matches</source>
        <translation>Ningún paciente coincide</translation>
    </message>
    <message>
        <source>No picture came back. Another program may use up this computer: close it and try again.</source>
        <translation>No volvió ninguna imagen. Otro programa puede estar ocupando este equipo: ciérrelo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>No picture was sent. Another program may use up this computer: close it and try again.</source>
        <translation>No se envió ninguna imagen. Otro programa puede estar ocupando este equipo: ciérrelo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>No second arrival of this patient is known.</source>
        <translation>No se conoce otra llegada de este paciente.</translation>
    </message>
    <message>
        <source>No server answers at this address. Check the address and the network.</source>
        <translation>Ningún servidor responde en esta dirección. Compruebe la dirección y la red.</translation>
    </message>
    <message>
        <source>No sound came back. Another program may use up this computer: close it and try again.</source>
        <translation>No volvió ningún sonido. Otro programa puede estar ocupando este equipo: ciérrelo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>No speaker was found</source>
        <translation>No se encontró ningún altavoz</translation>
    </message>
    <message>
        <source>No usable server is set. Enter its address on the sign-in screen, or ask IT for it.</source>
        <translation>No hay ningún servidor utilizable. Escriba su dirección en la pantalla de inicio de sesión o pídala a informática.</translation>
    </message>
    <message>
        <source>No visit here</source>
        <comment>the patient&apos;s browser can&apos;t hold a visit; very short</comment>
        <translation>No apto</translation>
    </message>
    <message>
        <source>Non-urgent</source>
        <translation>No urgente</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Ninguna elegida</translation>
    </message>
    <message>
        <source>Not a number.</source>
        <translation>No es un número.</translation>
    </message>
    <message>
        <source>Not confirmed</source>
        <translation>Sin confirmar</translation>
    </message>
    <message>
        <source>Not connected to the server at the moment.</source>
        <translation>Sin conexión con el servidor en este momento.</translation>
    </message>
    <message>
        <source>Not given</source>
        <translation>No indicado</translation>
    </message>
    <message>
        <source>Not given. Ask, and write it here.</source>
        <translation>No consta. Pregunte y escríbalo aquí.</translation>
    </message>
    <message>
        <source>Not heard</source>
        <translation>No lo he oído</translation>
    </message>
    <message>
        <source>Not here…</source>
        <translation>No está…</translation>
    </message>
    <message>
        <source>Not kept: patients, chat, pictures, sound. They are in memory only and end with the visit.</source>
        <translation>No se guarda: pacientes, chat, imágenes, sonido. Están solo en memoria y terminan con la consulta.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Not plugged in</source>
        <translation>No está conectado</translation>
    </message>
    <message>
        <source>Not said</source>
        <translation>No indicado</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Sin guardar</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>Aún sin guardar</translation>
    </message>
    <message>
        <source>Not saved.</source>
        <translation>Sin guardar.</translation>
    </message>
    <message>
        <source>Not saved. What you typed is still here.</source>
        <translation>Sin guardar. Lo que ha escrito sigue aquí.</translation>
    </message>
    <message>
        <source>Not triaged</source>
        <translation>Sin triaje</translation>
    </message>
    <message>
        <source>Not verified: compare the safety code (C) to be sure that nobody stands in between.</source>
        <translation>Sin verificar: compare el código de seguridad (C) para asegurarse de que nadie está en medio.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Note for whoever comes next</source>
        <translation>Nota para quien siga</translation>
    </message>
    <message>
        <source>Note of a colleague</source>
        <translation>Nota de un colega</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nada</translation>
    </message>
    <message>
        <source>Nothing can be shared: the system does not let Carena see its screens.</source>
        <translation>No se puede compartir nada: el sistema no deja que Carena vea sus pantallas.</translation>
    </message>
    <message>
        <source>Nothing can be shared: this session is Wayland, and its desktop portal for sharing screens, or PipeWire, is missing. IT can install them; a session on Xorg needs neither.</source>
        <translation>No se puede compartir nada: esta sesión es Wayland y falta su portal de escritorio para compartir pantallas, o PipeWire. El departamento de TI puede instalarlos; una sesión en Xorg no necesita ninguno de los dos.</translation>
    </message>
    <message>
        <source>Nothing has been written yet.</source>
        <translation>Aún no se ha escrito nada.</translation>
    </message>
    <message>
        <source>Nothing heard yet</source>
        <translation>Aún no se oye nada</translation>
    </message>
    <message>
        <source>Nothing is known about this patient.</source>
        <translation>No se sabe nada de este paciente.</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>No hay nada encendido</translation>
    </message>
    <message>
        <source>Nothing is open yet.</source>
        <translation>Todavía no hay nada encendido.</translation>
    </message>
    <message>
        <source>Nothing is open yet. You are asked before every visit and can change it during the visit.</source>
        <translation>Todavía no hay nada encendido. Se le pregunta antes de cada consulta y puede cambiarlo durante la consulta.</translation>
    </message>
    <message>
        <source>Nothing is recorded</source>
        <translation>No se graba nada</translation>
    </message>
    <message>
        <source>Nothing is sent or shown that is not encrypted.</source>
        <translation>No se envía ni se muestra nada que no esté cifrado.</translation>
    </message>
    <message>
        <source>Nothing is sent to a patient. Nothing opens before you turn it on.</source>
        <translation>No se envía nada a ningún paciente. Nada se enciende hasta que usted lo haga.</translation>
    </message>
    <message>
        <source>Nothing new has come for more than two seconds. What you see is old.</source>
        <translation>No llega nada nuevo desde hace más de dos segundos. Lo que ve es antiguo.</translation>
    </message>
    <message>
        <source>Nothing was chosen, or your system refused: nothing is shared.</source>
        <translation>No se eligió nada o su sistema lo rechazó: no se comparte nada.</translation>
    </message>
    <message>
        <source>Notifications and sounds</source>
        <translation>Notificaciones y sonidos</translation>
    </message>
    <message>
        <source>Notifications are seen by whoever stands before the screen. They never hold a name.</source>
        <translation>Las notificaciones las ve quien esté delante de la pantalla. Nunca contienen un nombre.</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>Number to call back</source>
        <translation>Teléfono de contacto</translation>
    </message>
    <message>
        <source>Number to call back, as they say it</source>
        <translation>Número al que llamar, como lo dice el paciente</translation>
    </message>
    <message>
        <source>Nurse</source>
        <translation>Enfermería</translation>
    </message>
    <message>
        <source>Nurse&apos;s note</source>
        <translation>Nota de enfermería</translation>
    </message>
    <message>
        <source>Of the size that the system asks for.</source>
        <translation>Del tamaño que pide el sistema.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Off.</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Desconectado</translation>
    </message>
    <message>
        <source>Old browser</source>
        <translation>Navegador viejo</translation>
    </message>
    <message>
        <source>Older entries</source>
        <translation>Entradas anteriores</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Sí</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>En pausa</translation>
    </message>
    <message>
        <source>On hold: {name}.</source>
        <translation>En pausa: {name}.</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>En este equipo</translation>
    </message>
    <message numerus="yes">
        <source>On. %n recovery code(s) left.</source>
        <translation>
            <numerusform>Sí. Queda %n código de recuperación.</numerusform>
            <numerusform>Sí. Quedan %n códigos de recuperación.</numerusform>
        </translation>
    </message>
    <message>
        <source>Only counts are shown here. Names, chat and video stay hidden until you unlock.</source>
        <translation>Aquí solo se muestran cifras. Los nombres, el chat y el vídeo quedan ocultos hasta que desbloquee.</translation>
    </message>
    <message>
        <source>Only for a patient who is not ready yet.</source>
        <translation>Solo para un paciente que aún no está listo.</translation>
    </message>
    <message>
        <source>Only possible during a visit.</source>
        <translation>Solo es posible durante una consulta.</translation>
    </message>
    <message>
        <source>Only the colleague who has this patient may do that.</source>
        <translation>Solo puede hacerlo quien tiene a este paciente.</translation>
    </message>
    <message>
        <source>Only you can tell.</source>
        <translation>Solo usted puede decirlo.</translation>
    </message>
    <message>
        <source>Only your own last change to a patient can be taken back.</source>
        <translation>Solo se puede deshacer su propio último cambio en un paciente.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abierta</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>Abrir de nuevo</translation>
    </message>
    <message>
        <source>Opening hours</source>
        <translation>Horario de apertura</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Otro</translation>
    </message>
    <message>
        <source>Outer encryption</source>
        <translation>Cifrado exterior</translation>
    </message>
    <message>
        <source>Over target</source>
        <translation>Fuera de plazo</translation>
    </message>
    <message>
        <source>Packets go directly between the two computers.</source>
        <translation>Los paquetes van directamente entre los dos equipos.</translation>
    </message>
    <message>
        <source>Packets pass a relay. It sees how much is sent and when, and can open nothing.</source>
        <translation>Los paquetes pasan por un repetidor. Ve cuánto se envía y cuándo, y no puede abrir nada.</translation>
    </message>
    <message>
        <source>Pain</source>
        <translation>Dolor</translation>
    </message>
    <message>
        <source>Pain {level} of 10</source>
        <translation>Dolor {level} de 10</translation>
    </message>
    <message>
        <source>Pashto</source>
        <translation>Pastún</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>Password at the proxy</source>
        <translation>Contraseña del proxy</translation>
    </message>
    <message>
        <source>Password now</source>
        <translation>Contraseña actual</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Camino</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Paciente</translation>
    </message>
    <message>
        <source>Patient came back</source>
        <translation>El paciente ha vuelto</translation>
    </message>
    <message>
        <source>Patient changed the check-in</source>
        <translation>El paciente cambió sus datos de llegada</translation>
    </message>
    <message>
        <source>Patient details</source>
        <translation>Detalles del paciente</translation>
    </message>
    <message>
        <source>Patient stepped out</source>
        <translation>El paciente ha salido un momento</translation>
    </message>
    <message>
        <source>Patient&apos;s device</source>
        <translation>Dispositivo del paciente</translation>
    </message>
    <message>
        <source>Patient&apos;s page</source>
        <translation>Página del paciente</translation>
    </message>
    <message>
        <source>Patient&apos;s screen</source>
        <translation>Pantalla del paciente</translation>
    </message>
    <message>
        <source>Patient&apos;s video</source>
        <translation>Vídeo del paciente</translation>
    </message>
    <message>
        <source>Patient-reported</source>
        <translation>Comunicado por el paciente</translation>
    </message>
    <message>
        <source>Patients appear here as soon as they check in. “Copy visit link” makes a link for one of them.</source>
        <translation>Los pacientes aparecen aquí en cuanto se registran. «Copiar enlace de consulta» crea un enlace para uno de ellos.</translation>
    </message>
    <message>
        <source>Patients who are gone</source>
        <translation>Pacientes que se fueron</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausa</translation>
    </message>
    <message>
        <source>Pause or hand over</source>
        <translation>Pausar o traspasar</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>Persa</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Picture and sound can&apos;t be started. Install Carena again, or send the report to IT.</source>
        <translation>No se pueden iniciar la imagen y el sonido. Instale Carena de nuevo o envíe el informe a informática.</translation>
    </message>
    <message>
        <source>Picture and sound could not be started. Restart Carena, or ask IT.</source>
        <translation>No se pudieron iniciar la imagen y el sonido. Reinicie Carena o pregunte a informática.</translation>
    </message>
    <message>
        <source>Picture and sound stopped working</source>
        <translation>La imagen y el sonido dejaron de funcionar</translation>
    </message>
    <message>
        <source>Picture, sound and chat are encrypted between you and {who}. The service has no key.</source>
        <translation>Imagen, sonido y chat van cifrados entre usted y {who}. El servicio no tiene ninguna clave.</translation>
    </message>
    <message>
        <source>Picture, sound and chat are encrypted up to the patient.</source>
        <translation>La imagen, el sonido y el chat van cifrados hasta el paciente.</translation>
    </message>
    <message>
        <source>Picture: {name}</source>
        <translation>Imagen: {name}</translation>
    </message>
    <message>
        <source>Place in line</source>
        <translation>Puesto en la cola</translation>
    </message>
    <message>
        <source>Play a sound</source>
        <translation>Reproducir un sonido</translation>
    </message>
    <message>
        <source>Play it</source>
        <translation>Reproducir</translation>
    </message>
    <message>
        <source>Play test sound</source>
        <translation>Reproducir sonido de prueba</translation>
    </message>
    <message>
        <source>Play the sound of an arrival</source>
        <translation>Reproducir el sonido de una llegada</translation>
    </message>
    <message>
        <source>Play the test sound.</source>
        <translation>Reproduzca el sonido de prueba.</translation>
    </message>
    <message>
        <source>Policies</source>
        <translation>Directivas</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>Polaco</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>Mala</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>Portugués</translation>
    </message>
    <message>
        <source>Pregnancy</source>
        <translation>Embarazo</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vista previa</translation>
    </message>
    <message>
        <source>Preview picture</source>
        <translation>Vista previa de la imagen</translation>
    </message>
    <message>
        <source>Previous patient</source>
        <translation>Paciente anterior</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidad</translation>
    </message>
    <message>
        <source>Problem in pregnancy</source>
        <translation>Problema en el embarazo</translation>
    </message>
    <message>
        <source>Programs, scripts and documents with macros can&apos;t be sent.</source>
        <translation>No se pueden enviar programas, scripts ni documentos con macros.</translation>
    </message>
    <message>
        <source>Protected by the patient&apos;s visit link.</source>
        <translation>Protegido por el enlace de la consulta del paciente.</translation>
    </message>
    <message>
        <source>Punjabi</source>
        <translation>Panyabí</translation>
    </message>
    <message>
        <source>Put on hold</source>
        <translation>Poner en pausa</translation>
    </message>
    <message>
        <source>Put on hold?</source>
        <translation>¿Poner en pausa?</translation>
    </message>
    <message>
        <source>Put on hold…</source>
        <translation>Poner en pausa…</translation>
    </message>
    <message>
        <source>QR code for the authenticator; the secret below says the same</source>
        <translation>Código QR para el autenticador; el secreto de abajo dice lo mismo</translation>
    </message>
    <message>
        <source>Question, English</source>
        <translation>Pregunta, en inglés</translation>
    </message>
    <message>
        <source>Question, Spanish</source>
        <translation>Pregunta, en español</translation>
    </message>
    <message numerus="yes">
        <source>Quiet for %n minute(s)</source>
        <translation>
            <numerusform>En silencio %n minuto</numerusform>
            <numerusform>En silencio %n minutos</numerusform>
        </translation>
    </message>
    <message>
        <source>Read the reason</source>
        <translation>Leer el motivo</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Reason for emergency access</source>
        <translation>Motivo del acceso de emergencia</translation>
    </message>
    <message>
        <source>Reason for the visit</source>
        <translation>Motivo de la consulta</translation>
    </message>
    <message>
        <source>Reason for visit</source>
        <translation>Motivo de consulta</translation>
    </message>
    <message>
        <source>Reason, A to Z</source>
        <translation>Motivo, de la A a la Z</translation>
    </message>
    <message>
        <source>Reason, Z to A</source>
        <translation>Motivo, de la Z a la A</translation>
    </message>
    <message>
        <source>Receive</source>
        <translation>Recibir</translation>
    </message>
    <message>
        <source>Receive file</source>
        <translation>Recibir archivo</translation>
    </message>
    <message>
        <source>Received files are deleted when the visit ends.</source>
        <translation>Los archivos recibidos se borran al terminar la consulta.</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>Reconectando…</translation>
    </message>
    <message>
        <source>Recovery codes: {codes}</source>
        <translation>Códigos de recuperación: {codes}</translation>
    </message>
    <message>
        <source>Red flag: {flag}</source>
        <translation>Señal de alarma: {flag}</translation>
    </message>
    <message>
        <source>Red flags</source>
        <translation>Señales de alarma</translation>
    </message>
    <message>
        <source>Referred on</source>
        <translation>Derivado</translation>
    </message>
    <message>
        <source>Rejoin visit</source>
        <translation>Volver a la consulta</translation>
    </message>
    <message>
        <source>Release claim</source>
        <translation>Devolver reserva</translation>
    </message>
    <message>
        <source>Remove question</source>
        <translation>Quitar la pregunta</translation>
    </message>
    <message>
        <source>Remove second factor</source>
        <translation>Quitar segundo factor</translation>
    </message>
    <message>
        <source>Remove the second factor</source>
        <translation>Quitar el segundo factor</translation>
    </message>
    <message>
        <source>Report for IT</source>
        <translation>Informe para informática</translation>
    </message>
    <message>
        <source>Resp. rate</source>
        <translation>Frec. respiratoria</translation>
    </message>
    <message>
        <source>Resume visit</source>
        <translation>Reanudar consulta</translation>
    </message>
    <message>
        <source>Resuscitation</source>
        <translation>Reanimación</translation>
    </message>
    <message>
        <source>Return to queue</source>
        <translation>Devolver a la cola</translation>
    </message>
    <message>
        <source>Return to queue…</source>
        <translation>Devolver a la cola…</translation>
    </message>
    <message>
        <source>Return to the queue?</source>
        <translation>¿Devolver a la cola?</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>Devuelto</translation>
    </message>
    <message>
        <source>Returned to the queue</source>
        <translation>Devuelto a la cola</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>Role of the new account</source>
        <translation>Función de la cuenta nueva</translation>
    </message>
    <message>
        <source>Room {name}</source>
        <translation>Sala {name}</translation>
    </message>
    <message>
        <source>Room: {name}</source>
        <translation>Sala: {name}</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Ida y vuelta</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Ruso</translation>
    </message>
    <message>
        <source>SRTP profile</source>
        <translation>Perfil SRTP</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Código de seguridad</translation>
    </message>
    <message>
        <source>Safety code: {code}</source>
        <translation>Código de seguridad: {code}</translation>
    </message>
    <message>
        <source>Santa</source>
        <translation>Papá Noel</translation>
    </message>
    <message>
        <source>Saturday</source>
        <translation>Sábado</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Save and mark ready</source>
        <translation>Guardar y marcar como listo</translation>
    </message>
    <message>
        <source>Save draft</source>
        <translation>Guardar borrador</translation>
    </message>
    <message>
        <source>Save file</source>
        <translation>Guardar archivo</translation>
    </message>
    <message>
        <source>Save report for IT</source>
        <translation>Guardar informe para informática</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Guardar el archivo</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>Guardado {time}</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Guardado.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Guardando…</translation>
    </message>
    <message>
        <source>Say something. Is the microphone muted on itself?</source>
        <translation>Diga algo. ¿Está silenciado el propio micrófono?</translation>
    </message>
    <message>
        <source>Say why in a few words.</source>
        <translation>Diga por qué en pocas palabras.</translation>
    </message>
    <message>
        <source>Scan this with your authenticator, or type the secret in.</source>
        <translation>Escanéelo con su autenticador o escriba el secreto.</translation>
    </message>
    <message>
        <source>Screen shared</source>
        <translation>Pantalla compartida</translation>
    </message>
    <message>
        <source>Screens and windows</source>
        <translation>Pantallas y ventanas</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Search actions</source>
        <translation>Buscar acciones</translation>
    </message>
    <message>
        <source>Search patient or reason</source>
        <translation>Buscar paciente o motivo</translation>
    </message>
    <message>
        <source>Second factor</source>
        <translation>Segundo factor</translation>
    </message>
    <message>
        <source>Secret to type in: {secret}</source>
        <translation>Secreto para escribir: {secret}</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Secciones</translation>
    </message>
    <message>
        <source>Securing the connection…</source>
        <translation>Asegurando la conexión…</translation>
    </message>
    <message>
        <source>Security of this visit</source>
        <translation>Seguridad de esta consulta</translation>
    </message>
    <message>
        <source>Security of this visit	E</source>
        <translation>Seguridad de esta consulta	E</translation>
    </message>
    <message>
        <source>See every patient
on time.</source>
        <translation>Cada paciente,
a su hora.</translation>
    </message>
    <message>
        <source>Select a patient to see the details.</source>
        <translation>Seleccione un paciente para ver los detalles.</translation>
    </message>
    <message>
        <source>Selected account</source>
        <translation>Cuenta seleccionada</translation>
    </message>
    <message>
        <source>Selected room</source>
        <translation>Sala seleccionada</translation>
    </message>
    <message>
        <source>Self view</source>
        <translation>Su imagen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Send a file to the patient</source>
        <translation>Enviar un archivo al paciente</translation>
    </message>
    <message>
        <source>Send file</source>
        <translation>Enviar archivo</translation>
    </message>
    <message>
        <source>Separated by semicolons; empty for free text</source>
        <translation>Separadas por punto y coma; vacío para texto libre</translation>
    </message>
    <message>
        <source>Server address</source>
        <translation>Dirección del servidor</translation>
    </message>
    <message>
        <source>Server away, the visit goes on</source>
        <translation>Servidor ausente, la consulta continúa</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sesiones</translation>
    </message>
    <message>
        <source>Set by</source>
        <translation>Establecido por</translation>
    </message>
    <message>
        <source>Set by your organization</source>
        <translation>Lo establece su organización</translation>
    </message>
    <message>
        <source>Set by your organization, at the server</source>
        <translation>Lo establece su organización, en el servidor</translation>
    </message>
    <message>
        <source>Set for this start; what you choose counts from the next one</source>
        <translation>Establecido para este inicio; lo que elija cuenta desde el siguiente</translation>
    </message>
    <message>
        <source>Set password</source>
        <translation>Establecer contraseña</translation>
    </message>
    <message>
        <source>Set up a second factor</source>
        <translation>Configurar un segundo factor</translation>
    </message>
    <message>
        <source>Set up a second factor…</source>
        <translation>Configurar un segundo factor…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Severe allergic reaction</source>
        <translation>Reacción alérgica grave</translation>
    </message>
    <message>
        <source>Severe bleeding</source>
        <translation>Hemorragia grave</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Compartir</translation>
    </message>
    <message>
        <source>Share a screen or window, or stop</source>
        <translation>Compartir una pantalla o ventana, o dejar de hacerlo</translation>
    </message>
    <message>
        <source>Share screen</source>
        <translation>Compartir pantalla</translation>
    </message>
    <message>
        <source>Shared screen</source>
        <translation>Pantalla compartida</translation>
    </message>
    <message>
        <source>Sharing has ended</source>
        <translation>Se ha dejado de compartir</translation>
    </message>
    <message>
        <source>Sharing has ended: the patient&apos;s device is another one than before.</source>
        <translation>Se dejó de compartir: el dispositivo del paciente no es el mismo que antes.</translation>
    </message>
    <message>
        <source>Short of breath at rest</source>
        <translation>Falta de aire en reposo</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Atajos</translation>
    </message>
    <message>
        <source>Shortest wait first</source>
        <translation>Menor espera primero</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Show chat</source>
        <translation>Mostrar chat</translation>
    </message>
    <message numerus="yes">
        <source>Show chat, %n not read</source>
        <translation>
            <numerusform>Mostrar chat, %n sin leer</numerusform>
            <numerusform>Mostrar chat, %n sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>Show files</source>
        <translation>Ver archivos</translation>
    </message>
    <message>
        <source>Show how the visit is protected</source>
        <translation>Mostrar cómo se protege la consulta</translation>
    </message>
    <message>
        <source>Show or hide the chat</source>
        <translation>Mostrar u ocultar el chat</translation>
    </message>
    <message>
        <source>Show password</source>
        <translation>Mostrar contraseña</translation>
    </message>
    <message>
        <source>Show report</source>
        <translation>Mostrar informe</translation>
    </message>
    <message>
        <source>Show the files</source>
        <translation>Ver los archivos</translation>
    </message>
    <message>
        <source>Show the patient large</source>
        <translation>Ver al paciente en grande</translation>
    </message>
    <message>
        <source>Show the screen large</source>
        <translation>Ver la pantalla en grande</translation>
    </message>
    <message>
        <source>Show visit</source>
        <translation>Mostrar consulta</translation>
    </message>
    <message>
        <source>Show waiting room</source>
        <translation>Mostrar la sala de espera</translation>
    </message>
    <message numerus="yes">
        <source>Show waiting room, %n waiting</source>
        <translation>
            <numerusform>Mostrar la sala de espera, %n en espera</numerusform>
            <numerusform>Mostrar la sala de espera, %n en espera</numerusform>
        </translation>
    </message>
    <message>
        <source>Show what is known about the patient</source>
        <translation>Mostrar lo que se sabe del paciente</translation>
    </message>
    <message>
        <source>Shows every waiting room for a while. Administrators are told at once, and the reason is kept.</source>
        <translation>Muestra todas las salas de espera durante un tiempo. Se avisa de inmediato a la administración y el motivo se guarda.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Sign in to Carena</source>
        <translation>Iniciar sesión en Carena</translation>
    </message>
    <message>
        <source>Sign in to the proxy</source>
        <translation>Iniciar sesión en el proxy</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Cerrar sesión</translation>
    </message>
    <message>
        <source>Sign out everywhere else</source>
        <translation>Cerrar sesión en los demás equipos</translation>
    </message>
    <message>
        <source>Sign out there</source>
        <translation>Cerrar sesión allí</translation>
    </message>
    <message>
        <source>Sign-ins and visits are in the server&apos;s audit log.</source>
        <translation>Los inicios de sesión y las consultas quedan en el registro de auditoría del servidor.</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Sesión cerrada</translation>
    </message>
    <message>
        <source>Signed out everywhere else.</source>
        <translation>Sesión cerrada en los demás equipos.</translation>
    </message>
    <message>
        <source>Signed out there.</source>
        <translation>Sesión cerrada allí.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Iniciando sesión…</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>Single letters as keys</source>
        <translation>Letras sueltas como atajos</translation>
    </message>
    <message>
        <source>Size of the text</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>Small window on top</source>
        <translation>Ventana pequeña siempre visible</translation>
    </message>
    <message>
        <source>Small window on top	W</source>
        <translation>Ventana pequeña siempre visible	W</translation>
    </message>
    <message>
        <source>So that the loudspeaker on the desk rings while the headset is put down.</source>
        <translation>Para que el altavoz de la mesa suene mientras los auriculares están quitados.</translation>
    </message>
    <message>
        <source>Somali</source>
        <translation>Somalí</translation>
    </message>
    <message>
        <source>Somebody may have stood between you and {name}. Don&apos;t go on with this visit: call them, and tell IT.</source>
        <translation>Alguien pudo haberse puesto entre usted y {name}. No continúe esta consulta: llame por teléfono y avise a informática.</translation>
    </message>
    <message>
        <source>Someone else changed this visit just before you. Look at its status now.</source>
        <translation>Otra persona cambió esta consulta justo antes que usted. Mire ahora su estado.</translation>
    </message>
    <message>
        <source>Something answers at this address, but it is not a Carena server.</source>
        <translation>Algo responde en esta dirección, pero no es un servidor de Carena.</translation>
    </message>
    <message>
        <source>Sort: {order}</source>
        <translation>Orden: {order}</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sonido</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>SpO₂</source>
        <translation>SpO₂</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espacio</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Spare connection</source>
        <translation>Conexión de reserva</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
    <message>
        <source>Speaker not tested</source>
        <translation>Altavoz sin probar</translation>
    </message>
    <message>
        <source>Speaker works</source>
        <translation>El altavoz funciona</translation>
    </message>
    <message>
        <source>Staff on</source>
        <translation>Personal activo</translation>
    </message>
    <message>
        <source>Start camera</source>
        <translation>Encender cámara</translation>
    </message>
    <message>
        <source>Start emergency access</source>
        <translation>Iniciar acceso de emergencia</translation>
    </message>
    <message>
        <source>Start or stop the camera</source>
        <translation>Encender o apagar la cámara</translation>
    </message>
    <message>
        <source>Start visit</source>
        <translation>Iniciar consulta</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Status, earliest first</source>
        <translation>Estado, primeros primero</translation>
    </message>
    <message>
        <source>Status, latest first</source>
        <translation>Estado, últimos primero</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Stay on the page</source>
        <translation>Quédese en la página</translation>
    </message>
    <message>
        <source>Stay signed in</source>
        <translation>Mantener la sesión iniciada</translation>
    </message>
    <message>
        <source>Stay with the patient. Place: {place}</source>
        <translation>Quédese con el paciente. Lugar: {place}</translation>
    </message>
    <message>
        <source>Step away</source>
        <translation>Ausentarse</translation>
    </message>
    <message>
        <source>Step away for how long?</source>
        <translation>¿Cuánto tiempo se ausenta?</translation>
    </message>
    <message>
        <source>Step away…</source>
        <translation>Ausentarse…</translation>
    </message>
    <message>
        <source>Stepped away</source>
        <translation>Ausente</translation>
    </message>
    <message>
        <source>Stepped away from {name}.</source>
        <translation>Se ha ausentado de {name}.</translation>
    </message>
    <message>
        <source>Stop camera</source>
        <translation>Apagar cámara</translation>
    </message>
    <message>
        <source>Stop sending</source>
        <translation>Dejar de enviar</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>Dejar de compartir</translation>
    </message>
    <message>
        <source>Sunday</source>
        <translation>Domingo</translation>
    </message>
    <message>
        <source>Swahili</source>
        <translation>Suajili</translation>
    </message>
    <message>
        <source>Switch user</source>
        <translation>Cambiar de usuario</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Predeterminado del sistema</translation>
    </message>
    <message>
        <source>Systolic</source>
        <translation>Sistólica</translation>
    </message>
    <message>
        <source>Tagalog</source>
        <translation>Tagalo</translation>
    </message>
    <message>
        <source>Taken back: {name}.</source>
        <translation>Deshecho: {name}.</translation>
    </message>
    <message>
        <source>Taken by {name} at {time}.</source>
        <translation>Tomado por {name} a las {time}.</translation>
    </message>
    <message>
        <source>Taken by {name} just before you.</source>
        <translation>{name} lo ha tomado justo antes que usted.</translation>
    </message>
    <message>
        <source>Taken by {name}.</source>
        <translation>Tomado por {name}.</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>Tamil</translation>
    </message>
    <message>
        <source>Target for acuity {level}</source>
        <translation>Plazo para gravedad {level}</translation>
    </message>
    <message>
        <source>Targets in minutes, acuity 1 to 5</source>
        <translation>Plazos en minutos, gravedad 1 a 5</translation>
    </message>
    <message>
        <source>Tell me of {room}</source>
        <translation>Avisarme de {room}</translation>
    </message>
    <message>
        <source>Tell when the server recommends a newer version</source>
        <translation>Avisar cuando el servidor recomiende una versión más nueva</translation>
    </message>
    <message>
        <source>Telugu</source>
        <translation>Telugu</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Texts of the licences</source>
        <translation>Textos de las licencias</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Tailandés</translation>
    </message>
    <message>
        <source>That account does not exist any more.</source>
        <translation>Esa cuenta ya no existe.</translation>
    </message>
    <message>
        <source>That account does not serve this patient&apos;s waiting room.</source>
        <translation>Esa cuenta no atiende la sala de espera de este paciente.</translation>
    </message>
    <message>
        <source>That is no number.</source>
        <translation>Eso no es un número.</translation>
    </message>
    <message>
        <source>That is not possible any more: the visit has moved on.</source>
        <translation>Eso ya no es posible: la consulta ha cambiado de estado.</translation>
    </message>
    <message>
        <source>That is not there any more.</source>
        <translation>Eso ya no está.</translation>
    </message>
    <message>
        <source>That is there already. Take another name, or look at it as it is now.</source>
        <translation>Eso ya existe. Elija otro nombre o mire cómo está ahora.</translation>
    </message>
    <message>
        <source>That is too long for the server.</source>
        <translation>Eso es demasiado largo para el servidor.</translation>
    </message>
    <message>
        <source>That visit has ended.</source>
        <translation>Esa consulta ha terminado.</translation>
    </message>
    <message>
        <source>That visit is no longer here.</source>
        <translation>Esa consulta ya no está aquí.</translation>
    </message>
    <message>
        <source>That visit link is not valid any more.</source>
        <translation>Ese enlace de consulta ya no es válido.</translation>
    </message>
    <message>
        <source>That waiting room does not exist any more.</source>
        <translation>Esa sala de espera ya no existe.</translation>
    </message>
    <message>
        <source>The account is there.</source>
        <translation>La cuenta está creada.</translation>
    </message>
    <message>
        <source>The addresses and certificate authorities of the servers you use, and the name you sign in with.</source>
        <translation>Las direcciones y autoridades de certificación de los servidores que usa y el nombre con el que inicia sesión.</translation>
    </message>
    <message>
        <source>The call could not be encrypted. Install Carena again, or send the report to IT.</source>
        <translation>La llamada no se pudo cifrar. Instale Carena de nuevo o envíe el informe a informática.</translation>
    </message>
    <message>
        <source>The camera</source>
        <translation>La cámara</translation>
    </message>
    <message>
        <source>The chain is broken at entry {number}: {problem}</source>
        <translation>La cadena está rota en la entrada {number}: {problem}</translation>
    </message>
    <message>
        <source>The chain is whole, {number} entries. Write its end down elsewhere: {head}</source>
        <translation>La cadena está íntegra, {number} entradas. Anote su final en otro lugar: {head}</translation>
    </message>
    <message>
        <source>The chat could not be made secure, so nothing is sent.</source>
        <translation>No se pudo asegurar el chat, así que no se envía nada.</translation>
    </message>
    <message>
        <source>The chat is closed.</source>
        <translation>El chat está cerrado.</translation>
    </message>
    <message>
        <source>The check could not be run. Install Carena again, or ask IT.</source>
        <translation>No se pudo hacer la prueba. Instale Carena de nuevo o pregunte a informática.</translation>
    </message>
    <message>
        <source>The code is wrong, too old, or was used before. Enter the one that is shown now.</source>
        <translation>El código no es correcto, es demasiado antiguo o ya se usó. Escriba el que se muestra ahora.</translation>
    </message>
    <message>
        <source>The connection could not be kept</source>
        <translation>No se pudo mantener la conexión</translation>
    </message>
    <message>
        <source>The connection got out of step and is being made again.</source>
        <translation>La conexión perdió el paso y se está rehaciendo.</translation>
    </message>
    <message>
        <source>The connection to {name} was lost. A new one is being made.</source>
        <translation>Se perdió la conexión con {name}. Se está creando una nueva.</translation>
    </message>
    <message>
        <source>The content is not what the name says. Be careful before you open it.</source>
        <translation>El contenido no es lo que dice el nombre. Tenga cuidado antes de abrirlo.</translation>
    </message>
    <message>
        <source>The file can&apos;t be written there.</source>
        <translation>El archivo no se puede escribir ahí.</translation>
    </message>
    <message>
        <source>The file could not be saved there. Choose another folder.</source>
        <translation>No se pudo guardar el archivo ahí. Elija otra carpeta.</translation>
    </message>
    <message>
        <source>The fingerprint is not the one this computer knows. Someone may be between you and the server, or it was set up anew. Nothing was sent. Ask your IT department; there is no way past this screen.</source>
        <translation>La huella no es la que este equipo conoce. Puede que haya alguien entre usted y el servidor, o que se haya instalado de nuevo. No se envió nada. Pregunte a su departamento de informática; no se puede pasar de esta pantalla.</translation>
    </message>
    <message>
        <source>The list is as it was before. Patients keep their places.</source>
        <translation>La lista está como antes. Los pacientes conservan su puesto.</translation>
    </message>
    <message>
        <source>The messages are not open here any more.</source>
        <translation>Los mensajes ya no están abiertos aquí.</translation>
    </message>
    <message>
        <source>The microphone</source>
        <translation>El micrófono</translation>
    </message>
    <message>
        <source>The most urgent is acuity {level}.</source>
        <translation>El más urgente es de gravedad {level}.</translation>
    </message>
    <message>
        <source>The new password is one that attackers try first. Take another.</source>
        <translation>La contraseña nueva es de las que se prueban primero en un ataque. Elija otra.</translation>
    </message>
    <message>
        <source>The new password is too short. A few words in a row are long and easy to keep.</source>
        <translation>La contraseña nueva es demasiado corta. Varias palabras seguidas son largas y fáciles de recordar.</translation>
    </message>
    <message>
        <source>The other output</source>
        <translation>La otra salida</translation>
    </message>
    <message>
        <source>The output chosen for alerts is back.</source>
        <translation>La salida elegida para los avisos vuelve a estar disponible.</translation>
    </message>
    <message>
        <source>The output chosen for alerts is not plugged in. They sound on every output until it is.</source>
        <translation>La salida elegida para los avisos no está conectada. Suenan en todas las salidas hasta que lo esté.</translation>
    </message>
    <message>
        <source>The part of Carena that handles them ended. You can rejoin.</source>
        <translation>La parte de Carena que los maneja terminó. Puede volver a la consulta.</translation>
    </message>
    <message>
        <source>The password is changed. You are signed out everywhere else.</source>
        <translation>La contraseña ha cambiado. Se cerró la sesión en los demás equipos.</translation>
    </message>
    <message>
        <source>The password is wrong.</source>
        <translation>La contraseña no es correcta.</translation>
    </message>
    <message>
        <source>The path carries</source>
        <translation>El camino admite</translation>
    </message>
    <message>
        <source>The path is being measured.</source>
        <translation>Se está midiendo el camino.</translation>
    </message>
    <message>
        <source>The patient does not want to send a photo now.</source>
        <translation>El paciente no quiere enviar una foto ahora.</translation>
    </message>
    <message>
        <source>The patient has not agreed to the visit yet.</source>
        <translation>El paciente todavía no ha dado su consentimiento para la consulta.</translation>
    </message>
    <message>
        <source>The patient has not stepped out.</source>
        <translation>El paciente no ha salido.</translation>
    </message>
    <message>
        <source>The patient has stepped out.</source>
        <translation>El paciente ha salido.</translation>
    </message>
    <message>
        <source>The patient hears and sees nothing of you until you resume. The visit stays yours.</source>
        <translation>El paciente no le oye ni le ve hasta que reanude. La consulta sigue siendo suya.</translation>
    </message>
    <message>
        <source>The patient is not waiting any more.</source>
        <translation>El paciente ya no está esperando.</translation>
    </message>
    <message>
        <source>The patient is still on your list. You can rejoin.</source>
        <translation>El paciente sigue en su lista. Puede volver a la consulta.</translation>
    </message>
    <message>
        <source>The patient is told when you will be back.</source>
        <translation>Se le dice al paciente cuándo volverá usted.</translation>
    </message>
    <message>
        <source>The patient is yours already.</source>
        <translation>El paciente ya es suyo.</translation>
    </message>
    <message>
        <source>The patient shares a screen</source>
        <translation>El paciente comparte una pantalla</translation>
    </message>
    <message>
        <source>The patient shares no screen any more</source>
        <translation>El paciente ya no comparte ninguna pantalla</translation>
    </message>
    <message numerus="yes">
        <source>The patient wants to send you %n file(s).</source>
        <translation>
            <numerusform>El paciente quiere enviarle %n archivo.</numerusform>
            <numerusform>El paciente quiere enviarle %n archivos.</numerusform>
        </translation>
    </message>
    <message>
        <source>The patient&apos;s browser can&apos;t be reached at the moment.</source>
        <translation>En este momento no se puede contactar con el navegador del paciente.</translation>
    </message>
    <message>
        <source>The patient&apos;s camera is off</source>
        <translation>La cámara del paciente está apagada</translation>
    </message>
    <message>
        <source>The patient&apos;s connection is weak. Ask them to move closer to the router.</source>
        <translation>La conexión del paciente es débil. Pídale que se acerque al rúter.</translation>
    </message>
    <message>
        <source>The patient&apos;s device is another one than before. Compare the safety code.</source>
        <translation>El dispositivo del paciente es distinto del de antes. Compare el código de seguridad.</translation>
    </message>
    <message>
        <source>The patient&apos;s device is another one than earlier in this visit. Compare the safety code (C).</source>
        <translation>El dispositivo del paciente es distinto del de antes en esta consulta. Compare el código de seguridad (C).</translation>
    </message>
    <message>
        <source>The patient&apos;s device is another one than earlier in this visit. Until the codes match no message and no file passes, and nothing is shared. Compare them now, or end the visit.</source>
        <translation>El dispositivo del paciente no es el mismo que antes en esta consulta. Hasta que los códigos coincidan no pasa ningún mensaje ni archivo y no se comparte nada. Compárelos ahora o finalice la consulta.</translation>
    </message>
    <message>
        <source>The patient&apos;s page can&apos;t show a screen: it has to be loaded again</source>
        <translation>La página del paciente no puede mostrar una pantalla: hay que volver a cargarla</translation>
    </message>
    <message>
        <source>The patient&apos;s page is not connected. Lines wait for it.</source>
        <translation>La página del paciente no está conectada. Los mensajes la esperan.</translation>
    </message>
    <message>
        <source>The patient&apos;s page is open, so the visit can&apos;t be closed as not here.</source>
        <translation>La página del paciente está abierta: la consulta no se puede cerrar como «no está».</translation>
    </message>
    <message>
        <source>The patient&apos;s page is open.</source>
        <translation>La página del paciente está abierta.</translation>
    </message>
    <message>
        <source>The picture is mirrored for you only.</source>
        <translation>La imagen está reflejada solo para usted.</translation>
    </message>
    <message>
        <source>The picture is on its way</source>
        <translation>La imagen está en camino</translation>
    </message>
    <message>
        <source>The program</source>
        <translation>El programa</translation>
    </message>
    <message>
        <source>The proxy of this network does not answer. Check the network, or ask IT.</source>
        <translation>El proxy de esta red no responde. Compruebe la red o pregunte a informática.</translation>
    </message>
    <message>
        <source>The proxy of this network does not let Carena reach this server. Ask IT.</source>
        <translation>El proxy de esta red no deja que Carena llegue a este servidor. Pregunte a informática.</translation>
    </message>
    <message>
        <source>The proxy of this network is in the way. Sign in to it, or ask IT to let Carena through.</source>
        <translation>El proxy de esta red lo impide. Inicie sesión en él o pida a informática que deje pasar a Carena.</translation>
    </message>
    <message>
        <source>The proxy of this network wants a sign-in that Carena does not know. Ask IT to let Carena through.</source>
        <translation>El proxy de esta red exige un inicio de sesión que Carena no conoce. Pida a informática que deje pasar a Carena.</translation>
    </message>
    <message>
        <source>The proxy of this network wants a user name and password.</source>
        <translation>El proxy de esta red pide usuario y contraseña.</translation>
    </message>
    <message>
        <source>The report</source>
        <translation>El informe</translation>
    </message>
    <message>
        <source>The report can&apos;t be saved there. Choose another folder.</source>
        <translation>El informe no se puede guardar ahí. Elija otra carpeta.</translation>
    </message>
    <message>
        <source>The room is there.</source>
        <translation>La sala está creada.</translation>
    </message>
    <message>
        <source>The rows of the waiting room stand closer, so that more of them fit.</source>
        <translation>Las filas de la sala de espera están más juntas para que quepan más.</translation>
    </message>
    <message>
        <source>The second factor is off.</source>
        <translation>El segundo factor está desactivado.</translation>
    </message>
    <message>
        <source>The second factor is on. Keep the recovery codes.</source>
        <translation>El segundo factor está activado. Guarde los códigos de recuperación.</translation>
    </message>
    <message>
        <source>The server and this program did not understand each other. Ask IT whether both are up to date.</source>
        <translation>El servidor y este programa no se entendieron. Pregunte a informática si ambos están actualizados.</translation>
    </message>
    <message>
        <source>The server answers, but live connections (wss) do not get through. Ask IT to allow them.</source>
        <translation>El servidor responde, pero las conexiones en directo (wss) no pasan. Pida a informática que las permita.</translation>
    </message>
    <message>
        <source>The server can&apos;t be reached, so the password can&apos;t be checked now.</source>
        <translation>No se puede contactar con el servidor, así que ahora no se puede comprobar la contraseña.</translation>
    </message>
    <message>
        <source>The server does not tell its time and its relays: it may be older than Carena. Ask IT to upgrade it.</source>
        <translation>El servidor no indica su hora ni sus repetidores: puede ser más antiguo que Carena. Pida a informática que lo actualice.</translation>
    </message>
    <message>
        <source>The server had a problem of its own. Try again in a moment.</source>
        <translation>El servidor tuvo un problema propio. Inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
        <source>The server is busy. Try again in a moment.</source>
        <translation>El servidor está ocupado. Inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
        <source>The server is not who it should be, or is not known yet. Compare its fingerprint with IT.</source>
        <translation>El servidor no es quien debería ser o aún no se conoce. Compare su huella con informática.</translation>
    </message>
    <message>
        <source>The server names no relay. Calls work only where both sides reach each other directly.</source>
        <translation>El servidor no indica ningún repetidor. Las llamadas solo funcionan donde ambos lados se alcanzan directamente.</translation>
    </message>
    <message>
        <source>The server refused what was entered. Check it and try again.</source>
        <translation>El servidor rechazó lo que se introdujo. Revíselo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not valid, so nothing was sent. Ask IT before you go on.</source>
        <translation>El certificado del servidor no es válido, por lo que no se envió nada. Pregunte a informática antes de continuar.</translation>
    </message>
    <message>
        <source>The session has ended.</source>
        <translation>La sesión ha terminado.</translation>
    </message>
    <message>
        <source>The sign-in is kept in the system&apos;s keyring when Carena is closed. Counts from the next start.</source>
        <translation>La sesión se guarda en el llavero del sistema al cerrar Carena. Cuenta desde el siguiente inicio.</translation>
    </message>
    <message>
        <source>The sound was not as it should be. Close other programs and try again.</source>
        <translation>El sonido no fue como debía. Cierre otros programas e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The speaker</source>
        <translation>El altavoz</translation>
    </message>
    <message>
        <source>The strictest of what you, your organization and the server say counts.</source>
        <translation>Cuenta lo más estricto de lo que digan usted, su organización y el servidor.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring can&apos;t be used: you have to sign in at each start.</source>
        <translation>No se puede usar el llavero del sistema: hay que iniciar sesión en cada arranque.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring failed, so this sign-in is kept in memory only and ends with the program.</source>
        <translation>El llavero del sistema falló, por lo que esta sesión se guarda solo en memoria y termina con el programa.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked, so this sign-in is kept in memory only and ends with the program.</source>
        <translation>El llavero del sistema está bloqueado, por lo que esta sesión se guarda solo en memoria y termina con el programa.</translation>
    </message>
    <message>
        <source>The test sound was not heard</source>
        <translation>No se oyó el sonido de prueba</translation>
    </message>
    <message>
        <source>The two arrivals of {name} are one.</source>
        <translation>Las dos llegadas de {name} son una.</translation>
    </message>
    <message>
        <source>The two new passwords differ.</source>
        <translation>Las dos contraseñas nuevas son distintas.</translation>
    </message>
    <message>
        <source>The username or the password is wrong.</source>
        <translation>El usuario o la contraseña no son correctos.</translation>
    </message>
    <message>
        <source>The usual and another</source>
        <translation>La habitual y otra</translation>
    </message>
    <message>
        <source>The usual output</source>
        <translation>La salida habitual</translation>
    </message>
    <message>
        <source>The visit ends for good, and the patient&apos;s text is deleted. This can&apos;t be undone.</source>
        <translation>La consulta termina definitivamente y el texto del paciente se borra. No se puede deshacer.</translation>
    </message>
    <message>
        <source>The visit ends for you. The patient waits again, with the old place.</source>
        <translation>La consulta termina para usted. El paciente espera de nuevo, con su puesto anterior.</translation>
    </message>
    <message>
        <source>The visit goes on: picture and sound are sent and heard.</source>
        <translation>La consulta continúa: la imagen y el sonido se envían y se oyen.</translation>
    </message>
    <message>
        <source>The visit has ended</source>
        <translation>La consulta ha terminado</translation>
    </message>
    <message>
        <source>The visit is closed, and the patient&apos;s text is deleted. This can&apos;t be undone.</source>
        <translation>La consulta se cierra y el texto del paciente se borra. No se puede deshacer.</translation>
    </message>
    <message>
        <source>The visit is closed.</source>
        <translation>La consulta está cerrada.</translation>
    </message>
    <message>
        <source>The visit is finished.</source>
        <translation>La consulta ha terminado.</translation>
    </message>
    <message>
        <source>The visit is not finished yet. {why}</source>
        <translation>La consulta todavía no está cerrada. {why}</translation>
    </message>
    <message>
        <source>The visit link&apos;s secret is not used any more. Compare the safety code.</source>
        <translation>El secreto del enlace de la consulta ya no se usa. Compare el código de seguridad.</translation>
    </message>
    <message>
        <source>The visit link&apos;s secret is not used: the link was not made on this computer.</source>
        <translation>El secreto del enlace de la consulta no se usa: el enlace no se creó en este equipo.</translation>
    </message>
    <message>
        <source>The visit link&apos;s secret is not used: the patient&apos;s page has none.</source>
        <translation>El secreto del enlace de la consulta no se usa: la página del paciente no tiene ninguno.</translation>
    </message>
    <message>
        <source>The visit link&apos;s secret is part of the keys: only who has the link can take part.</source>
        <translation>El secreto del enlace de la consulta forma parte de las claves: solo quien tiene el enlace puede participar.</translation>
    </message>
    <message>
        <source>The visit link&apos;s secret protected this visit before and does not now. Compare the safety code (C).</source>
        <translation>El secreto del enlace protegía esta consulta antes y ahora no. Compare el código de seguridad (C).</translation>
    </message>
    <message>
        <source>The visit of the link is not in the waiting room.</source>
        <translation>La consulta del enlace no está en la sala de espera.</translation>
    </message>
    <message>
        <source>The waiting room is over its limit</source>
        <translation>La sala de espera supera su límite</translation>
    </message>
    <message>
        <source>The waiting room is over its limit.</source>
        <translation>La sala de espera supera su límite.</translation>
    </message>
    <message>
        <source>The way leads over a relay far away. Speak in turns.</source>
        <translation>El camino pasa por un repetidor lejano. Hablen por turnos.</translation>
    </message>
    <message>
        <source>The way to the patient is long. Speak in turns.</source>
        <translation>El camino hasta el paciente es largo. Hablen por turnos.</translation>
    </message>
    <message>
        <source>Their microphone is off too.</source>
        <translation>Su micrófono también está apagado.</translation>
    </message>
    <message>
        <source>Their page is being told that you are here.</source>
        <translation>Se está avisando a su página de que usted está aquí.</translation>
    </message>
    <message>
        <source>They see all that is on it, also what appears later: other windows, messages, names. Close what they must not see.</source>
        <translation>Verá todo lo que haya en ella, también lo que aparezca después: otras ventanas, mensajes, nombres. Cierre lo que no deba ver.</translation>
    </message>
    <message>
        <source>They see it at once, and only they can start the visit.</source>
        <translation>Lo ve de inmediato y solo esa persona puede iniciar la consulta.</translation>
    </message>
    <message>
        <source>This call was not safe and was stopped</source>
        <translation>Esta llamada no era segura y se detuvo</translation>
    </message>
    <message>
        <source>This computer is busy. Close other programs.</source>
        <translation>Este equipo está ocupado. Cierre otros programas.</translation>
    </message>
    <message>
        <source>This computer is slow for video. Close other programs, or plug in the power supply.</source>
        <translation>Este equipo es lento para vídeo. Cierre otros programas o conecte la alimentación.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong. Set it to the network&apos;s time.</source>
        <translation>El reloj de este equipo está mal. Póngalo a la hora de la red.</translation>
    </message>
    <message>
        <source>This computer&apos;s own key, in the keyring, and the secrets of links that you made, sealed with it.</source>
        <translation>La clave propia de este equipo, en el llavero, y los secretos de los enlaces que usted creó, sellados con ella.</translation>
    </message>
    <message>
        <source>This entry goes on with the better place; the other one ends.</source>
        <translation>Esta entrada sigue con el mejor puesto; la otra termina.</translation>
    </message>
    <message>
        <source>This file can&apos;t be read.</source>
        <translation>Este archivo no se puede leer.</translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation>Este archivo está vacío.</translation>
    </message>
    <message>
        <source>This file is too large. The largest that can be sent is {size}.</source>
        <translation>Este archivo es demasiado grande. El máximo que se puede enviar es {size}.</translation>
    </message>
    <message>
        <source>This is a web page, whatever its name says. Opening it can run what is in it.</source>
        <translation>Es una página web, diga lo que diga su nombre. Abrirla puede ejecutar lo que contiene.</translation>
    </message>
    <message>
        <source>This is all of it: no names, chat, files or passwords. It is saved where you say and sent nowhere.</source>
        <translation>Esto es todo: sin nombres, chat, archivos ni contraseñas. Se guarda donde usted diga y no se envía a ninguna parte.</translation>
    </message>
    <message>
        <source>This is another device than before: messages, files and sharing wait. Compare the safety code (C), or end the visit.</source>
        <translation>Este dispositivo no es el mismo que antes: los mensajes, los archivos y lo compartido esperan. Compare el código de seguridad (C) o finalice la consulta.</translation>
    </message>
    <message>
        <source>This is not a server address. It looks like carena.example.org or 192.168.1.20:8443.</source>
        <translation>Esto no es una dirección de servidor. Tiene la forma carena.example.org o 192.168.1.20:8443.</translation>
    </message>
    <message>
        <source>This may be a second arrival of a patient who is in the list.</source>
        <translation>Puede ser una segunda llegada de un paciente que está en la lista.</translation>
    </message>
    <message>
        <source>This patient has already been taken.</source>
        <translation>Otra persona ya ha tomado a este paciente.</translation>
    </message>
    <message>
        <source>This picture can&apos;t be shown. You can save it all the same.</source>
        <translation>Esta imagen no se puede mostrar. Puede guardarla de todos modos.</translation>
    </message>
    <message>
        <source>This picture is not live</source>
        <translation>Esta imagen no es en directo</translation>
    </message>
    <message>
        <source>This server has changed</source>
        <translation>Este servidor ha cambiado</translation>
    </message>
    <message>
        <source>This server shows a different identity than before, so nothing was sent. Ask IT before you go on.</source>
        <translation>Este servidor muestra una identidad distinta a la de antes, por lo que no se envió nada. Pregunte a informática antes de continuar.</translation>
    </message>
    <message>
        <source>This system has no keyring, so this sign-in is kept in memory only and ends with the program.</source>
        <translation>Este sistema no tiene llavero, por lo que esta sesión se guarda solo en memoria y termina con el programa.</translation>
    </message>
    <message>
        <source>This version of Carena Desktop is too old or too new for the server. Ask IT for the matching version.</source>
        <translation>Esta versión de Carena Desktop es demasiado antigua o demasiado nueva para el servidor. Pida a informática la versión que corresponde.</translation>
    </message>
    <message>
        <source>This waiting room is closed now.</source>
        <translation>Esta sala de espera está cerrada ahora.</translation>
    </message>
    <message>
        <source>Those of the last two hours. Who is called back may come in again by the same link and has the old place. Carena can&apos;t reach a page that is closed: tell the patient yourself.</source>
        <translation>Los de las dos últimas horas. Quien se vuelve a llamar puede entrar otra vez por el mismo enlace y conserva su lugar. Carena no llega a una página cerrada: avise usted al paciente.</translation>
    </message>
    <message>
        <source>Thoughts of self-harm</source>
        <translation>Pensamientos de autolesión</translation>
    </message>
    <message>
        <source>Thursday</source>
        <translation>Jueves</translation>
    </message>
    <message>
        <source>Ticked at check-in or in triage. It is shown, not scored.</source>
        <translation>Marcado a la llegada o en el triaje. Se muestra, no se puntúa.</translation>
    </message>
    <message>
        <source>Time to encode</source>
        <translation>Tiempo de codificación</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Zona horaria</translation>
    </message>
    <message>
        <source>To a colleague, or to another waiting room.</source>
        <translation>A un colega o a otra sala de espera.</translation>
    </message>
    <message>
        <source>Too many failed attempts. Wait a little, then try again.</source>
        <translation>Demasiados intentos fallidos. Espere un poco e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Too many requests in a short time. Wait a moment and try again.</source>
        <translation>Demasiadas peticiones en poco tiempo. Espere un momento e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>Traspasar</translation>
    </message>
    <message>
        <source>Transfer to whom?</source>
        <translation>¿A quién traspasar?</translation>
    </message>
    <message>
        <source>Transferred</source>
        <translation>Traspasado</translation>
    </message>
    <message>
        <source>Transferred: {name}.</source>
        <translation>Traspasado: {name}.</translation>
    </message>
    <message>
        <source>Transfer…</source>
        <translation>Traspasar…</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Triaje</translation>
    </message>
    <message>
        <source>Triage again</source>
        <translation>Repetir triaje</translation>
    </message>
    <message>
        <source>Triage again after minutes, 0 for never</source>
        <translation>Repetir el triaje tras minutos, 0 para nunca</translation>
    </message>
    <message>
        <source>Triage before a clinician takes a patient</source>
        <translation>Triaje antes de que un profesional tome al paciente</translation>
    </message>
    <message>
        <source>Triage first</source>
        <translation>Triaje primero</translation>
    </message>
    <message>
        <source>Triage saved</source>
        <translation>Triaje guardado</translation>
    </message>
    <message>
        <source>Triage saved: {name}.</source>
        <translation>Triaje guardado: {name}.</translation>
    </message>
    <message>
        <source>Triage · {name}</source>
        <translation>Triaje · {name}</translation>
    </message>
    <message>
        <source>Triage…</source>
        <translation>Triaje…</translation>
    </message>
    <message>
        <source>Trust this server</source>
        <translation>Confiar en este servidor</translation>
    </message>
    <message>
        <source>Tuesday</source>
        <translation>Martes</translation>
    </message>
    <message>
        <source>Turn it on and say something.</source>
        <translation>Enciéndalo y diga algo.</translation>
    </message>
    <message>
        <source>Turn it on to see yourself.</source>
        <translation>Enciéndala para verse.</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Apagar</translation>
    </message>
    <message>
        <source>Turn on camera and microphone</source>
        <translation>Encender cámara y micrófono</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>Ucraniano</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Deshacer el último cambio</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Activar sonido</translation>
    </message>
    <message>
        <source>Unmute microphone</source>
        <translation>Activar micrófono</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Hasta</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>Urdu</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>Urgente</translation>
    </message>
    <message>
        <source>Use your clinic account.</source>
        <translation>Use su cuenta de la clínica.</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Usuario</translation>
    </message>
    <message>
        <source>User name at the proxy</source>
        <translation>Usuario del proxy</translation>
    </message>
    <message>
        <source>Username</source>
        <translation>Usuario</translation>
    </message>
    <message>
        <source>Username of the new account</source>
        <translation>Usuario de la cuenta nueva</translation>
    </message>
    <message>
        <source>Username, name and first password are needed.</source>
        <translation>Hacen falta usuario, nombre y primera contraseña.</translation>
    </message>
    <message>
        <source>Verified with this patient&apos;s device on {date}.</source>
        <translation>Verificado con el dispositivo de este paciente el {date}.</translation>
    </message>
    <message>
        <source>Verified with {name} on {day}.</source>
        <translation>Verificado con {name} el {day}.</translation>
    </message>
    <message>
        <source>Verified with {who} on {date}, for these two devices.</source>
        <translation>Verificado con {who} el {date}, para estos dos dispositivos.</translation>
    </message>
    <message>
        <source>Verify the chain</source>
        <translation>Verificar la cadena</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Vídeo</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>Vietnamita</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Vista</translation>
    </message>
    <message>
        <source>View: full screen, small window, fill</source>
        <translation>Vista: pantalla completa, ventana pequeña, llenar</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>Consulta</translation>
    </message>
    <message>
        <source>Visit link copied. It lets one patient in: send it only to that patient.</source>
        <translation>Enlace de consulta copiado. Deja entrar a un solo paciente: envíelo únicamente a ese paciente.</translation>
    </message>
    <message>
        <source>Visit resumed</source>
        <translation>Consulta reanudada</translation>
    </message>
    <message>
        <source>Visit started</source>
        <translation>Consulta iniciada</translation>
    </message>
    <message>
        <source>Vitals</source>
        <translation>Constantes</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Waiting for {name}</source>
        <translation>Esperando a {name}</translation>
    </message>
    <message>
        <source>Waiting for {time}</source>
        <translation>En espera desde hace {time}</translation>
    </message>
    <message>
        <source>Waiting for {time} of {target}</source>
        <translation>En espera desde hace {time} de {target}</translation>
    </message>
    <message>
        <source>Waiting for {time}, over the target of {target}</source>
        <translation>En espera desde hace {time}, fuera del plazo de {target}</translation>
    </message>
    <message>
        <source>Waiting room</source>
        <translation>Sala de espera</translation>
    </message>
    <message>
        <source>Waiting room of the clinic</source>
        <translation>Sala de espera de la clínica</translation>
    </message>
    <message>
        <source>Waiting rooms</source>
        <translation>Salas de espera</translation>
    </message>
    <message>
        <source>Waiting {time}</source>
        <translation>En espera {time}</translation>
    </message>
    <message>
        <source>Wednesday</source>
        <translation>Miércoles</translation>
    </message>
    <message>
        <source>What a closed room says, English</source>
        <translation>Qué dice una sala cerrada, en inglés</translation>
    </message>
    <message>
        <source>What a closed room says, Spanish</source>
        <translation>Qué dice una sala cerrada, en español</translation>
    </message>
    <message>
        <source>What a notification says</source>
        <translation>Qué dice una notificación</translation>
    </message>
    <message>
        <source>What check-in asks for</source>
        <translation>Qué pregunta el registro de llegada</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>¿Qué quiere hacer?</translation>
    </message>
    <message>
        <source>What is heard</source>
        <translation>Qué se oye</translation>
    </message>
    <message>
        <source>What is on its way stops with the call, also when the visit is put on hold.</source>
        <translation>Lo que está en camino se detiene con la llamada, también cuando la consulta se pone en espera.</translation>
    </message>
    <message>
        <source>What may {name} see?</source>
        <translation>¿Qué puede ver {name}?</translation>
    </message>
    <message>
        <source>What you shared can&apos;t be captured any more. Sharing has ended.</source>
        <translation>Lo que compartía ya no se puede capturar. Se ha dejado de compartir.</translation>
    </message>
    <message>
        <source>What your system lets you choose</source>
        <translation>Lo que su sistema le deje elegir</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>Where it is not plugged in, alerts sound on every output, and Carena says so.</source>
        <translation>Si no está conectada, los avisos suenan en todas las salidas y Carena lo dice.</translation>
    </message>
    <message>
        <source>Where it sounds</source>
        <translation>Dónde suena</translation>
    </message>
    <message>
        <source>Where they are now</source>
        <translation>Dónde está ahora</translation>
    </message>
    <message>
        <source>Where they are now, as they say it</source>
        <translation>Dónde está ahora, como lo dice el paciente</translation>
    </message>
    <message>
        <source>Where you are signed in</source>
        <translation>Dónde tiene la sesión iniciada</translation>
    </message>
    <message>
        <source>Which camera, microphone and speaker you chose, and these settings.</source>
        <translation>Qué cámara, micrófono y altavoz eligió, y estos ajustes.</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quién</translation>
    </message>
    <message>
        <source>Who measured</source>
        <translation>Quién midió</translation>
    </message>
    <message>
        <source>Why, for colleagues (not shown to the patient)</source>
        <translation>Por qué, para los colegas (el paciente no lo ve)</translation>
    </message>
    <message>
        <source>With</source>
        <translation>Con</translation>
    </message>
    <message>
        <source>With you soon</source>
        <translation>Enseguida con usted</translation>
    </message>
    <message numerus="yes">
        <source>Within %n minute(s)</source>
        <translation>
            <numerusform>En %n minuto</numerusform>
            <numerusform>En %n minutos</numerusform>
        </translation>
    </message>
    <message>
        <source>Writing to this patient is not possible now. {why}</source>
        <translation>Ahora no se puede escribir a este paciente. {why}</translation>
    </message>
    <message>
        <source>Yiddish</source>
        <translation>Yidis</translation>
    </message>
    <message>
        <source>Yoruba</source>
        <translation>Yoruba</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>You are muted: the patient does not hear you. Press M to speak.</source>
        <translation>Está en silencio: el paciente no le oye. Pulse M para hablar.</translation>
    </message>
    <message>
        <source>You are sharing. The patient sees everything that is on it.</source>
        <translation>Está compartiendo. El paciente ve todo lo que hay en ella.</translation>
    </message>
    <message>
        <source>You asked for a photo. Waiting for the patient.</source>
        <translation>Ha pedido una foto. Esperando al paciente.</translation>
    </message>
    <message>
        <source>You can still hear them.</source>
        <translation>Todavía puede oírle.</translation>
    </message>
    <message>
        <source>You have not claimed this patient.</source>
        <translation>Usted no ha reservado a este paciente.</translation>
    </message>
    <message>
        <source>You have signed in somewhere else, so this window was signed out.</source>
        <translation>Ha iniciado sesión en otro lugar, por lo que se cerró la sesión en esta ventana.</translation>
    </message>
    <message>
        <source>You heard the test sound.</source>
        <translation>Ha oído el sonido de prueba.</translation>
    </message>
    <message>
        <source>You see every waiting room until {time}. Administrators have been told.</source>
        <translation>Ve todas las salas de espera hasta las {time}. Se ha avisado a la administración.</translation>
    </message>
    <message>
        <source>Your account may not do that.</source>
        <translation>Su cuenta no puede hacer eso.</translation>
    </message>
    <message>
        <source>Your camera</source>
        <translation>Su cámara</translation>
    </message>
    <message>
        <source>Your connection is slow. A cable is steadier than Wi-Fi.</source>
        <translation>Su conexión es lenta. Un cable es más estable que la wifi.</translation>
    </message>
    <message>
        <source>Your connection is slow. Stop your camera to keep the sound good.</source>
        <translation>Su conexión es lenta. Apague su cámara para mantener bien el sonido.</translation>
    </message>
    <message>
        <source>Your organization decides which rooms alert you here.</source>
        <translation>Su organización decide qué salas le avisan aquí.</translation>
    </message>
    <message>
        <source>Your organization does not allow files in visits.</source>
        <translation>Su organización no permite archivos en las consultas.</translation>
    </message>
    <message>
        <source>Your organization does not allow files to be sent.</source>
        <translation>Su organización no permite enviar archivos.</translation>
    </message>
    <message>
        <source>Your organization does not allow sharing a screen. Sharing has ended.</source>
        <translation>Su organización no permite compartir una pantalla. Se dejó de compartir.</translation>
    </message>
    <message>
        <source>Your organization does not allow this server. Check the address, or ask IT.</source>
        <translation>Su organización no permite este servidor. Compruebe la dirección o pregunte a informática.</translation>
    </message>
    <message>
        <source>Your organization requires it.</source>
        <translation>Su organización lo exige.</translation>
    </message>
    <message>
        <source>Your organization wants a second factor of this account. Set it up first.</source>
        <translation>Su organización exige un segundo factor para esta cuenta. Configúrelo primero.</translation>
    </message>
    <message>
        <source>Your organization, or its rules for accounts, does not allow that.</source>
        <translation>Su organización, o sus reglas para las cuentas, no lo permiten.</translation>
    </message>
    <message>
        <source>Your presence: {presence}</source>
        <translation>Su presencia: {presence}</translation>
    </message>
    <message>
        <source>Your role may not do this.</source>
        <translation>Su función no puede hacer esto.</translation>
    </message>
    <message>
        <source>Your session has ended. Sign in again.</source>
        <translation>Su sesión ha terminado. Inicie sesión de nuevo.</translation>
    </message>
    <message>
        <source>Your session was ended for safety, because its key was used twice. Sign in again.</source>
        <translation>Su sesión se cerró por seguridad, porque su clave se usó dos veces. Inicie sesión de nuevo.</translation>
    </message>
    <message>
        <source>Your sign-in while you stay signed in, and a proxy&apos;s, in the system&apos;s keyring.</source>
        <translation>Su sesión mientras la mantenga iniciada, y la de un proxy, en el llavero del sistema.</translation>
    </message>
    <message>
        <source>active</source>
        <translation>activa</translation>
    </message>
    <message>
        <source>airplane</source>
        <translation>avión</translation>
    </message>
    <message>
        <source>alarm clock</source>
        <translation>despertador</translation>
    </message>
    <message>
        <source>all actions</source>
        <translation>todas las acciones</translation>
    </message>
    <message>
        <source>anchor</source>
        <translation>ancla</translation>
    </message>
    <message>
        <source>apple</source>
        <translation>manzana</translation>
    </message>
    <message>
        <source>assign</source>
        <translation>asignar</translation>
    </message>
    <message>
        <source>ball</source>
        <translation>pelota</translation>
    </message>
    <message>
        <source>banana</source>
        <translation>plátano</translation>
    </message>
    <message>
        <source>being agreed on</source>
        <translation>acordándose</translation>
    </message>
    <message>
        <source>bell</source>
        <translation>campana</translation>
    </message>
    <message>
        <source>bicycle</source>
        <translation>bicicleta</translation>
    </message>
    <message>
        <source>book</source>
        <translation>libro</translation>
    </message>
    <message>
        <source>browser can&apos;t hold a visit</source>
        <translation>el navegador no sirve para una consulta</translation>
    </message>
    <message>
        <source>browser is old</source>
        <translation>navegador antiguo</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>predeterminado</translation>
    </message>
    <message>
        <source>butterfly</source>
        <translation>mariposa</translation>
    </message>
    <message>
        <source>cactus</source>
        <translation>cactus</translation>
    </message>
    <message>
        <source>cake</source>
        <translation>pastel</translation>
    </message>
    <message>
        <source>called back, may come until {time}</source>
        <translation>se volvió a llamar, puede venir hasta las {time}</translation>
    </message>
    <message>
        <source>came at {time}</source>
        <translation>llegó a las {time}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>cancelado</translation>
    </message>
    <message>
        <source>cancelled by the patient</source>
        <translation>cancelado por el paciente</translation>
    </message>
    <message>
        <source>cat</source>
        <translation>gato</translation>
    </message>
    <message>
        <source>chosen, but not plugged in</source>
        <translation>elegido, pero no conectado</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrada</translation>
    </message>
    <message>
        <source>cloud</source>
        <translation>nube</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>conectada</translation>
    </message>
    <message>
        <source>connection lost, place given up at {time}</source>
        <translation>perdió la conexión, su lugar quedó libre a las {time}</translation>
    </message>
    <message>
        <source>connection not tested</source>
        <translation>conexión sin probar</translation>
    </message>
    <message>
        <source>consent given</source>
        <translation>consentimiento dado</translation>
    </message>
    <message>
        <source>corn</source>
        <translation>maíz</translation>
    </message>
    <message>
        <source>could not be sent</source>
        <translation>no se pudo enviar</translation>
    </message>
    <message>
        <source>damaged on the way</source>
        <translation>dañado en el camino</translation>
    </message>
    <message>
        <source>declined</source>
        <translation>rechazado</translation>
    </message>
    <message>
        <source>deleted: it is a program</source>
        <translation>borrado: es un programa</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>entregado</translation>
    </message>
    <message>
        <source>details</source>
        <translation>detalles</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>directo</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>desactivada</translation>
    </message>
    <message>
        <source>dog</source>
        <translation>perro</translation>
    </message>
    <message>
        <source>due now</source>
        <translation>toca ahora</translation>
    </message>
    <message>
        <source>elephant</source>
        <translation>elefante</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vacío</translation>
    </message>
    <message>
        <source>epoch {number}</source>
        <translation>época {number}</translation>
    </message>
    <message>
        <source>fair connection</source>
        <translation>conexión regular</translation>
    </message>
    <message>
        <source>files are not allowed</source>
        <translation>no se permiten archivos</translation>
    </message>
    <message>
        <source>fire</source>
        <translation>fuego</translation>
    </message>
    <message>
        <source>fish</source>
        <translation>pez</translation>
    </message>
    <message>
        <source>flag</source>
        <translation>bandera</translation>
    </message>
    <message>
        <source>flower</source>
        <translation>flor</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>carpeta</translation>
    </message>
    <message>
        <source>generated {what}</source>
        <translation>{what} generado</translation>
    </message>
    <message>
        <source>gift</source>
        <translation>regalo</translation>
    </message>
    <message>
        <source>glasses</source>
        <translation>gafas</translation>
    </message>
    <message>
        <source>globe</source>
        <translation>globo</translation>
    </message>
    <message>
        <source>good connection</source>
        <translation>conexión buena</translation>
    </message>
    <message>
        <source>guitar</source>
        <translation>guitarra</translation>
    </message>
    <message>
        <source>hammer</source>
        <translation>martillo</translation>
    </message>
    <message>
        <source>hat</source>
        <translation>sombrero</translation>
    </message>
    <message>
        <source>headphones</source>
        <translation>auriculares</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>corazón</translation>
    </message>
    <message>
        <source>horse</source>
        <translation>caballo</translation>
    </message>
    <message>
        <source>hourglass</source>
        <translation>reloj de arena</translation>
    </message>
    <message>
        <source>inactive for {time}</source>
        <translation>inactivo durante {time}</translation>
    </message>
    <message>
        <source>key</source>
        <translation>llave</translation>
    </message>
    <message>
        <source>left at {time}</source>
        <translation>se fue a las {time}</translation>
    </message>
    <message>
        <source>leg {number}</source>
        <translation>tramo {number}</translation>
    </message>
    <message>
        <source>light bulb</source>
        <translation>bombilla</translation>
    </message>
    <message>
        <source>lion</source>
        <translation>león</translation>
    </message>
    <message>
        <source>locked by you</source>
        <translation>bloqueado por usted</translation>
    </message>
    <message>
        <source>locked since Carena was started</source>
        <translation>bloqueado desde que se abrió Carena</translation>
    </message>
    <message>
        <source>locked with this computer</source>
        <translation>bloqueado con este equipo</translation>
    </message>
    <message>
        <source>longest {time}</source>
        <translation>máximo {time}</translation>
    </message>
    <message>
        <source>may be left out</source>
        <translation>puede omitirse</translation>
    </message>
    <message>
        <source>message</source>
        <translation>mensaje</translation>
    </message>
    <message>
        <source>microphone blocked by the browser</source>
        <translation>micrófono bloqueado por el navegador</translation>
    </message>
    <message>
        <source>microphone does not work</source>
        <translation>el micrófono no funciona</translation>
    </message>
    <message>
        <source>microphone not tested</source>
        <translation>micrófono sin probar</translation>
    </message>
    <message>
        <source>microphone works</source>
        <translation>el micrófono funciona</translation>
    </message>
    <message>
        <source>mmHg</source>
        <translation>mmHg</translation>
    </message>
    <message>
        <source>moon</source>
        <translation>luna</translation>
    </message>
    <message>
        <source>move</source>
        <translation>mover</translation>
    </message>
    <message>
        <source>mushroom</source>
        <translation>seta</translation>
    </message>
    <message>
        <source>next area</source>
        <translation>área siguiente</translation>
    </message>
    <message>
        <source>next in {seconds} s</source>
        <translation>la próxima en {seconds} s</translation>
    </message>
    <message>
        <source>next in {time}</source>
        <translation>el próximo en {time}</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
    <message>
        <source>no consent</source>
        <translation>sin consentimiento</translation>
    </message>
    <message>
        <source>no microphone</source>
        <translation>sin micrófono</translation>
    </message>
    <message>
        <source>no target</source>
        <translation>sin plazo</translation>
    </message>
    <message>
        <source>nobody waits</source>
        <translation>nadie espera</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguno</translation>
    </message>
    <message>
        <source>none</source>
        <comment>of pain</comment>
        <translation>ninguno</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>no se pregunta</translation>
    </message>
    <message>
        <source>not delivered</source>
        <translation>sin entregar</translation>
    </message>
    <message>
        <source>not finished before the call ended</source>
        <translation>no terminó antes del fin de la llamada</translation>
    </message>
    <message>
        <source>not given, ask now</source>
        <translation>no indicado, pregunte ahora</translation>
    </message>
    <message>
        <source>not here, closed at {time}</source>
        <translation>no estaba, cerrada a las {time}</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>aún sin guardar</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>sin establecer</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>now</source>
        <translation>ahora</translation>
    </message>
    <message>
        <source>octopus</source>
        <translation>pulpo</translation>
    </message>
    <message>
        <source>of {number}</source>
        <translation>de {number}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activado</translation>
    </message>
    <message>
        <source>open</source>
        <translation>abierta</translation>
    </message>
    <message>
        <source>over {minutes}m</source>
        <translation>&gt; {minutes} min</translation>
    </message>
    <message>
        <source>padlock</source>
        <translation>candado</translation>
    </message>
    <message>
        <source>panda</source>
        <translation>panda</translation>
    </message>
    <message>
        <source>paperclip</source>
        <translation>clip</translation>
    </message>
    <message numerus="yes">
        <source>patient(s)</source>
        <comment>the unit beside a large number</comment>
        <translation>
            <numerusform>paciente</numerusform>
            <numerusform>pacientes</numerusform>
        </translation>
    </message>
    <message>
        <source>pencil</source>
        <translation>lápiz</translation>
    </message>
    <message>
        <source>penguin</source>
        <translation>pingüino</translation>
    </message>
    <message>
        <source>pig</source>
        <translation>cerdo</translation>
    </message>
    <message>
        <source>pin</source>
        <translation>chincheta</translation>
    </message>
    <message>
        <source>pizza</source>
        <translation>pizza</translation>
    </message>
    <message>
        <source>poor connection</source>
        <translation>conexión mala</translation>
    </message>
    <message>
        <source>rabbit</source>
        <translation>conejo</translation>
    </message>
    <message>
        <source>ready, through the relay; carries nothing</source>
        <translation>lista, por un repetidor; no lleva nada</translation>
    </message>
    <message>
        <source>receiving, {percent}</source>
        <translation>recibiendo, {percent}</translation>
    </message>
    <message>
        <source>reconnecting</source>
        <translation>reconectando</translation>
    </message>
    <message>
        <source>relayed</source>
        <translation>por repetidor</translation>
    </message>
    <message>
        <source>relayed at the patient&apos;s end</source>
        <translation>repetido en el lado del paciente</translation>
    </message>
    <message>
        <source>relayed by {relay} over {transport}</source>
        <translation>repetido por {relay} mediante {transport}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>obligatorio</translation>
    </message>
    <message>
        <source>robot</source>
        <translation>robot</translation>
    </message>
    <message>
        <source>rocket</source>
        <translation>cohete</translation>
    </message>
    <message>
        <source>rooster</source>
        <translation>gallo</translation>
    </message>
    <message>
        <source>save and mark ready</source>
        <translation>guardar y marcar como listo</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>guardado</translation>
    </message>
    <message>
        <source>scissors</source>
        <translation>tijeras</translation>
    </message>
    <message>
        <source>search</source>
        <translation>buscar</translation>
    </message>
    <message>
        <source>sending, {percent}</source>
        <translation>enviando, {percent}</translation>
    </message>
    <message>
        <source>sending…</source>
        <translation>enviando…</translation>
    </message>
    <message>
        <source>set acuity</source>
        <translation>asignar gravedad</translation>
    </message>
    <message>
        <source>signed in</source>
        <translation>sesión iniciada</translation>
    </message>
    <message>
        <source>smile</source>
        <translation>sonrisa</translation>
    </message>
    <message>
        <source>start visit</source>
        <translation>iniciar consulta</translation>
    </message>
    <message>
        <source>strawberry</source>
        <translation>fresa</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>teléfono</translation>
    </message>
    <message>
        <source>test picture</source>
        <translation>vídeo de prueba</translation>
    </message>
    <message>
        <source>test sound</source>
        <translation>sonido de prueba</translation>
    </message>
    <message>
        <source>the patient</source>
        <translation>el paciente</translation>
    </message>
    <message>
        <source>this kind of file is not taken</source>
        <translation>no se acepta este tipo de archivo</translation>
    </message>
    <message>
        <source>this start</source>
        <translation>este inicio</translation>
    </message>
    <message>
        <source>thumb</source>
        <translation>pulgar</translation>
    </message>
    <message>
        <source>to be set up</source>
        <translation>por configurar</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>demasiado grande</translation>
    </message>
    <message>
        <source>too many files at once</source>
        <translation>demasiados archivos a la vez</translation>
    </message>
    <message>
        <source>train</source>
        <translation>tren</translation>
    </message>
    <message>
        <source>tree</source>
        <translation>árbol</translation>
    </message>
    <message>
        <source>triage</source>
        <translation>triaje</translation>
    </message>
    <message>
        <source>triage again</source>
        <translation>repetir triaje</translation>
    </message>
    <message>
        <source>trophy</source>
        <translation>trofeo</translation>
    </message>
    <message>
        <source>trumpet</source>
        <translation>trompeta</translation>
    </message>
    <message>
        <source>turtle</source>
        <translation>tortuga</translation>
    </message>
    <message>
        <source>umbrella</source>
        <translation>paraguas</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>deshacer</translation>
    </message>
    <message>
        <source>unicorn</source>
        <translation>unicornio</translation>
    </message>
    <message>
        <source>unknown computer</source>
        <translation>equipo desconocido</translation>
    </message>
    <message>
        <source>visit finished at {time}</source>
        <translation>consulta terminada a las {time}</translation>
    </message>
    <message>
        <source>waiting for the patient</source>
        <translation>esperando al paciente</translation>
    </message>
    <message>
        <source>waits for the codes</source>
        <translation>espera a los códigos</translation>
    </message>
    <message>
        <source>wants to send you this</source>
        <translation>quiere enviarle esto</translation>
    </message>
    <message>
        <source>wants to write</source>
        <translation>quiere escribir</translation>
    </message>
    <message>
        <source>worst</source>
        <comment>of pain</comment>
        <translation>máximo</translation>
    </message>
    <message>
        <source>wrench</source>
        <translation>llave inglesa</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sí</translation>
    </message>
    <message>
        <source>you</source>
        <translation>usted</translation>
    </message>
    <message>
        <source>your organization</source>
        <translation>su organización</translation>
    </message>
    <message>
        <source>your organization, at the server</source>
        <translation>su organización, en el servidor</translation>
    </message>
    <message>
        <source>{action}, key {keys}</source>
        <translation>{action}, tecla {keys}</translation>
    </message>
    <message>
        <source>{acuity}, set</source>
        <translation>{acuity}, asignada</translation>
    </message>
    <message>
        <source>{acuity}: {name}.</source>
        <translation>{acuity}: {name}.</translation>
    </message>
    <message>
        <source>{computer} (this one)</source>
        <translation>{computer} (este)</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation>{count} kB</translation>
    </message>
    <message>
        <source>{day}: at most four times on one day.</source>
        <translation>{day}: como máximo cuatro horarios en un día.</translation>
    </message>
    <message>
        <source>{day}: write it like 08:00-17:30.</source>
        <translation>{day}: escríbalo como 08:00-17:30.</translation>
    </message>
    <message>
        <source>{device} could not be opened, or gives nothing.</source>
        <translation>{device} no se pudo abrir o no da nada.</translation>
    </message>
    <message>
        <source>{device} does not work</source>
        <translation>{device} no funciona</translation>
    </message>
    <message>
        <source>{device} gives no sound at all; it may be switched off on the device itself.</source>
        <translation>{device} no da ningún sonido; puede estar desactivado en el propio dispositivo.</translation>
    </message>
    <message>
        <source>{device} hears the speaker, and the patient may hear themselves. Use a headset, or turn the speaker down.</source>
        <translation>{device} capta el altavoz y el paciente puede oírse a sí mismo. Use auriculares o baje el altavoz.</translation>
    </message>
    <message>
        <source>{device} is blocked by the system&apos;s privacy settings.</source>
        <translation>{device} no se puede usar por los ajustes de privacidad del sistema.</translation>
    </message>
    <message>
        <source>{device} is closed: your organization does not allow it.</source>
        <translation>{device} no está en uso: su organización no lo permite.</translation>
    </message>
    <message>
        <source>{device} is in use by another program.</source>
        <translation>{device} está en uso por otro programa.</translation>
    </message>
    <message>
        <source>{device} was not found.</source>
        <translation>{device} no se encontró.</translation>
    </message>
    <message>
        <source>{device} was unplugged. Plug it in again or choose another.</source>
        <translation>{device} se desconectó. Vuelva a conectar el dispositivo o elija otro.</translation>
    </message>
    <message>
        <source>{field} is missing.</source>
        <translation>Falta: {field}.</translation>
    </message>
    <message>
        <source>{language}, interpreter</source>
        <translation>{language}, intérprete</translation>
    </message>
    <message>
        <source>{language}, needs an interpreter</source>
        <translation>{language}, necesita intérprete</translation>
    </message>
    <message>
        <source>{level} of 10</source>
        <translation>{level} de 10</translation>
    </message>
    <message>
        <source>{minutes}m</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{name} (not plugged in)</source>
        <translation>{name} (no conectada)</translation>
    </message>
    <message>
        <source>{name} (the usual one now)</source>
        <translation>{name} (ahora es la habitual)</translation>
    </message>
    <message>
        <source>{name} has left the visit</source>
        <translation>{name} ha salido de la consulta</translation>
    </message>
    <message>
        <source>{name} has this patient.</source>
        <translation>{name} tiene a este paciente.</translation>
    </message>
    <message>
        <source>{name} is in a visit with this patient.</source>
        <translation>{name} está en consulta con este paciente.</translation>
    </message>
    <message>
        <source>{name} took emergency access at {time}, until {until}.</source>
        <translation>{name} usa el acceso de emergencia desde las {time} hasta las {until}.</translation>
    </message>
    <message>
        <source>{name}: {here} from the patient, {there} from you</source>
        <translation>{name}: {here} del paciente, {there} de usted</translation>
    </message>
    <message>
        <source>{number} Mb/s</source>
        <translation>{number} Mb/s</translation>
    </message>
    <message>
        <source>{number} fps</source>
        <translation>{number} fps</translation>
    </message>
    <message>
        <source>{number} kbit/s</source>
        <translation>{number} kbit/s</translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation>{number} ms</translation>
    </message>
    <message>
        <source>{number} ms a frame</source>
        <translation>{number} ms por fotograma</translation>
    </message>
    <message>
        <source>{number} of 50 per s</source>
        <translation>{number} de 50 por s</translation>
    </message>
    <message>
        <source>{number} per s</source>
        <translation>{number} por s</translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>{one}, or {all} for every action that begins with it</source>
        <translation>{one}, o {all} para todas las que empiezan así</translation>
    </message>
    <message>
        <source>{presence}, in a visit</source>
        <translation>{presence}, en una consulta</translation>
    </message>
    <message>
        <source>{proxy} wants a user name and password. They are kept in the system&apos;s keyring.</source>
        <translation>{proxy} pide usuario y contraseña. Se guardan en el llavero del sistema.</translation>
    </message>
    <message>
        <source>{shown} of {total} entries</source>
        <translation>{shown} de {total} entradas</translation>
    </message>
    <message>
        <source>{status} for {time}</source>
        <translation>{status} desde hace {time}</translation>
    </message>
    <message>
        <source>{time}, triage again</source>
        <translation>{time}, repetir triaje</translation>
    </message>
    <message>
        <source>{what} from a file</source>
        <translation>{what} de un archivo</translation>
    </message>
    <message>
        <source>{what}, chosen</source>
        <translation>{what}, elegido</translation>
    </message>
    <message>
        <source>{who}, until {time}</source>
        <translation>{who}, hasta {time}</translation>
    </message>
    <message>
        <source>°C</source>
        <translation>°C</translation>
    </message>
    <message>
        <source>“{label}”: as many answers in Spanish as in English, in the same order.</source>
        <translation>«{label}»: tantas respuestas en español como en inglés, en el mismo orden.</translation>
    </message>
</context>
</TS>
