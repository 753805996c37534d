/** Draws the visit: picture, words over it, lamps, controls, chat, timer. Idempotent; what happens is decided elsewhere. */
import { pictureNames } from "../e2ee/safety_code.js";
import { canShareScreen } from "../media/screen.js";
import { callText, cameraLamp, clock, deviceText, microphoneLamp, safetyText, shareText } from "../text.js";
import { t } from "../i18n/words.js";
import { renderChat } from "./chat_list.js";
import { DeviceChoice } from "./device_panel.js";
import { FilesView } from "./files_view.js";
import { element, field, setLampOf, setNote, setText, showTrack, video } from "./dom.js";

/** @typedef {import("../media/devices.js").Devices} Devices */
/** @typedef {import("../peer/visit.js").Visit} Visit */

export class CallView {
  /** @param {Devices} devices @param {Pick<import("./stage.js").Stage, "isStill">} stage @param {import("./screen_stage.js").ScreenStage} screen @param {() => Visit | null} visit */
  constructor(devices, stage, screen, visit) {
    this.devices = devices;
    this.stage = stage;
    this.screen = screen;
    /** Which of the two pictures the person wants large, while there are two. @type {"screen" | "camera"} */
    this.large = "screen";
    this.visit = visit;
    /** Whether this page came into the visit by a reload, with every device off. */
    this.returned = false;
    this.choice = new DeviceChoice(element("visit-choice"), devices);
    const dialog = /** @type {HTMLDialogElement} */ (element("devices"));
    element("choose").addEventListener("click", () => dialog.showModal());
    element("mute").addEventListener("click", () => void (devices.audio === null ? devices.open("microphone") : devices.mute(!devices.muted)));
    element("camera").addEventListener("click", () => void (devices.video === null ? devices.open("camera") : devices.stop("camera")));
    element("share").addEventListener("click", () => this.share());
    element("share-yes").addEventListener("click", () => void devices.screen.start()); // here: some browsers ask in a click alone
    element("swap").addEventListener("click", () => {
      this.large = this.large === "screen" ? "camera" : "screen";
      this.render();
    });
    element("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    field("message").addEventListener("input", () => setNote("message-error", ""));
    this.files = new FilesView(() => this.visit()?.files ?? null);
    setInterval(() => {
      this.renderTimer();
      if (this.screen.shows) this.render(); // the camera's picture may have come to a stand
    }, 500);
  }

  share() {
    const { screen } = this.devices;
    if (screen.isLive) screen.stop();
    else if (!screen.asking) /** @type {HTMLDialogElement} */ (element("share-ask")).showModal();
  }

  say() {
    const input = field("message");
    const text = input.value.trim();
    if (text === "") return;
    if (this.visit()?.say(text)) input.value = "";
    else setNote("message-error", t("talk.tooLong"));
    input.focus();
  }

  render() {
    this.renderDevices();
    const visit = this.visit();
    if (visit === null) return;
    const shows = this.screen.shows && visit.state !== "paused";
    const picture = visit.peer.camera && visit.state !== "paused" && !(shows && this.stage.isStill);
    if (!visit.peer.sharing) this.large = "screen";
    element("stage").dataset.picture = picture ? "on" : "off";
    element("stage").dataset.screen = shows ? "on" : "off";
    element("screen-pictures").ariaHidden = String(!shows);
    element("stage").dataset.large = this.large;
    element("swap").hidden = !(shows && picture);
    element("swap").ariaLabel = t(this.large === "screen" ? "call.cameraLarge" : "call.screenLarge");
    element("stage").dataset.state = visit.isSecuring ? "securing" : visit.state;
    setText("overlay", visit.isSecuring ? t("call.securing") : callText(visit.state, visit.peer.camera || shows, visit.peerPresent));
    const muted = visit.state === "active" && visit.peer.microphone !== "live";
    element("peer-microphone").dataset.icon = muted ? "mic-off" : "screen";
    const notes = [visit.state === "active" && visit.peer.sharing ? t(shows ? "call.sharing" : "call.screenWaits") : "", muted ? t("call.theirMicrophoneMuted") : ""];
    setNote("peer-microphone", notes.filter(Boolean).join(" · "));
    const code = visit.safetyCode;
    setNote("safety", code === null ? "" : safetyText(pictureNames(code), code.digits));
    renderChat(visit.chat.lines, visit.isHeld);
    this.files.render();
  }

  renderDevices() {
    const { devices } = this;
    const { camera, microphone, sharing } = devices.state;
    this.renderShare(sharing === true);
    setLampOf(element("camera-lamp"), cameraLamp(camera), camera ? "live" : "off", camera ? "video" : "video-off");
    setLampOf(element("microphone-lamp"), microphoneLamp(microphone), microphone, microphone === "live" ? "mic" : "mic-off");
    showTrack(video("self-video"), devices.video);
    setText("self-text", devices.asking.size > 0 ? t("devices.asking") : camera ? "" : t("devices.cameraOff"));
    setText("mute", microphone === "live" ? t("devices.mute") : t("devices.unmute"));
    element("mute").dataset.icon = microphone === "live" ? "mic-off" : "mic";
    setText("camera", devices.video === null ? t("devices.startCamera") : t("devices.stopCamera"));
    element("camera").dataset.icon = devices.video === null ? "video" : "video-off";
    const untouched = devices.camera === "off" && devices.microphone === "off";
    if (!untouched) this.returned = false;
    const off = this.returned && untouched ? t("devices.offAfterReload") : "";
    setNote("visit-note", [off, deviceText(devices.camera, devices.microphone, devices.silenced)].filter(Boolean).join(" "));
    element("choose").hidden = devices.choices.camera.length < 2 && devices.choices.microphone.length < 2;
    this.choice.render();
  }

  /** @param {boolean} sharing */
  renderShare(sharing) {
    const { screen } = this.devices;
    const share = element("share");
    share.hidden = !sharing && !(canShareScreen() && this.visit()?.canShare === true);
    share.dataset.icon = sharing ? "screen-off" : "screen";
    setText("share", sharing ? t("share.stop") : t("share.start"));
    element("screen-lamp").hidden = !sharing;
    if (sharing) setLampOf(element("screen-lamp"), t("share.lamp"), "live", "screen");
    setNote("share-note", shareText(sharing, screen.problem));
  }

  renderTimer() {
    const started = this.visit()?.startedAt ?? null;
    setText("timer", started === null ? "" : clock(Date.now() - started));
  }

  clear() {
    element("lines").replaceChildren();
    this.files.clear();
    field("message").value = "";
    setText("overlay", "");
    this.large = "screen";
  }
}
