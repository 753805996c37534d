/** The device test of check-in and waiting room, and the choice of devices: one drawing of what `Devices` says. */
import { HEARD } from "../readiness/readiness.js";
import { cameraLamp, deviceText, microphoneLamp } from "../text.js";
import { translate } from "../i18n/page.js";
import { spoken, t } from "../i18n/words.js";
import { setLampOf, setTextOf, showTrack } from "./dom.js";

/** @typedef {import("../media/devices.js").Devices} Devices */
/** @typedef {import("../media/devices.js").Kind} Kind */

/** @type {Record<Kind, string>} */
const NUMBERED = { camera: "camera.numbered", microphone: "mic.numbered" };
const QUIET_TICKS = 40;

/** Parts of a clone of the template, by their data-part. @param {HTMLElement} root */
const partsOf = (root) => (/** @type {string} */ name) => {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`no part ${name}`);
  return found;
};

/** Fill a place with a copy of a template. @param {string} template @param {HTMLElement} place */
export const fromTemplate = (template, place) => {
  const source = document.getElementById(template);
  if (!(source instanceof HTMLTemplateElement)) throw new Error(`no template ${template}`);
  place.replaceChildren(source.content.cloneNode(true));
  translate(place);
  return partsOf(place);
};

/** Two lists, each there only when there is something to choose. */
export class DeviceChoice {
  /** @param {HTMLElement} place @param {Devices} devices */
  constructor(place, devices) {
    this.devices = devices;
    this.part = fromTemplate("device-choice", place);
    this.drawn = "";
    for (const kind of /** @type {Kind[]} */ (["camera", "microphone"])) {
      this.select(kind).addEventListener("change", () => void devices.choose(kind, this.select(kind).value));
    }
  }

  /** @param {Kind} kind */
  select(kind) {
    return /** @type {HTMLSelectElement} */ (this.part(`${kind}-select`));
  }

  render() {
    const drawing = JSON.stringify([spoken(), this.devices.choices, this.using("camera"), this.using("microphone")]);
    if (drawing === this.drawn) return;
    this.drawn = drawing;
    for (const kind of /** @type {Kind[]} */ (["camera", "microphone"])) {
      const choices = this.devices.choices[kind];
      const using = this.using(kind);
      this.part(`${kind}-choice`).hidden = choices.length < 2;
      this.select(kind).replaceChildren(
        ...choices.map(({ id, label }, index) => new Option(label || t(NUMBERED[kind], { number: index + 1 }), id, false, id === using)),
      );
    }
  }

  /** @param {Kind} kind */
  using(kind) {
    return this.devices.tracks[kind]?.getSettings().deviceId ?? this.devices.chosen[kind];
  }
}

export class DevicePanel {
  /** @param {HTMLElement} place @param {Devices} devices @param {() => void} onPicture the preview shows a picture */
  constructor(place, devices, onPicture) {
    this.place = place;
    this.devices = devices;
    this.part = fromTemplate("device-panel", place);
    this.choice = new DeviceChoice(this.part("choice"), devices);
    /** @type {MediaStreamTrack | null} whose level is shown */
    this.listened = null;
    this.quietTicks = 0;
    this.part("video").addEventListener("loadeddata", onPicture);
    this.part("both").addEventListener("click", () => void devices.open("camera", "microphone"));
    this.part("microphone-only").addEventListener("click", () => void devices.open("microphone"));
    this.part("camera").addEventListener("click", () => void (devices.video === null ? devices.open("camera") : devices.stop("camera")));
    this.part("mute").addEventListener("click", () => void (devices.audio === null ? devices.open("microphone") : devices.mute(!devices.muted)));
  }

  get isShown() {
    return this.place.closest("[hidden]") === null;
  }

  render() {
    const { devices, part } = this;
    const { camera, microphone } = devices.state;
    const asking = devices.asking.size > 0;
    const some = devices.audio !== null || devices.video !== null;
    setLampOf(part("camera-lamp"), cameraLamp(camera), camera ? "live" : "off", camera ? "video" : "video-off");
    setLampOf(part("microphone-lamp"), microphoneLamp(microphone), microphone, microphone === "live" ? "mic" : "mic-off");
    setTextOf(part("text"), asking ? t("devices.asking") : camera ? "" : t("devices.yourCameraOff"));
    showTrack(/** @type {HTMLVideoElement} */ (part("video")), this.isShown ? devices.video : null);
    const note = deviceText(devices.camera, devices.microphone, devices.silenced);
    setTextOf(part("note"), note);
    part("note").hidden = note === "";
    part("both").hidden = part("microphone-only").hidden = some;
    part("camera").hidden = part("mute").hidden = !some;
    for (const name of ["both", "microphone-only"]) /** @type {HTMLButtonElement} */ (part(name)).ariaDisabled = String(asking);
    setTextOf(part("camera"), devices.video === null ? t("devices.startCamera") : t("devices.stopCamera"));
    part("camera").dataset.icon = devices.video === null ? "video" : "video-off";
    setTextOf(part("mute"), microphone === "live" ? t("devices.mute") : t("devices.unmute"));
    part("mute").dataset.icon = microphone === "live" ? "mic-off" : "mic";
    this.choice.render();
    this.renderMeter();
  }

  renderMeter() {
    const { audio } = this.devices;
    this.part("level").hidden = audio === null;
    if (this.listened === audio) return;
    this.listened = audio;
    this.quietTicks = 0;
    setTextOf(this.part("hearing"), "");
  }

  /** @param {number} level 0 to 1, ten times a second */
  heard(level) {
    this.part("bar").style.setProperty("inline-size", `${Math.round(level * 100)}%`);
    this.quietTicks = level > HEARD || this.devices.muted ? 0 : this.quietTicks + 1;
    if (level > HEARD) setTextOf(this.part("hearing"), t("mic.works"));
    else if (this.quietTicks === QUIET_TICKS) setTextOf(this.part("hearing"), t("mic.quiet"));
  }
}
