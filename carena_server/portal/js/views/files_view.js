/** The files of the visit: what is offered, what moves, what is here; and the question for a photo. Names are set as text only. */
import { spoken, t } from "../i18n/words.js";
import { isUnfinished } from "../files/machine.js";
import { element, field, setNote, setTextOf } from "./dom.js";

/** @typedef {import("../files/desk.js").FileDesk} FileDesk */
/** @typedef {import("../files/machine.js").FileEntry} FileEntry */

/** @type {Record<string, string>} */
const REASONS = {
  declined: "refusal.declined", "not-allowed": "refusal.notAllowed", "too-large": "refusal.tooLarge", kind: "refusal.kind",
  busy: "refusal.busy", cancelled: "refusal.cancelled", "by-peer": "refusal.byPeer", corrupt: "refusal.corrupt",
  failed: "refusal.failed",
};
/** @type {Record<string, string>} */
const PROBLEMS = {
  empty: "unsent.empty", "too-large": "unsent.tooLarge", kind: "unsent.kind", unreadable: "unsent.unreadable",
};
const REVOKE_MS = 60_000;

/** @param {number} bytes */
export const sizeText = (bytes) => {
  const number = new Intl.NumberFormat(spoken(), { maximumFractionDigits: bytes < 1024 * 1024 ? 0 : 1 });
  return bytes < 1024 * 1024 ? `${number.format(Math.max(1, Math.round(bytes / 1024)))} kB` : `${number.format(bytes / 1024 / 1024)} MB`;
};

/** What became of a file, in words. @param {FileEntry} file */
export const stateText = (file) => {
  const { state, mine, moved, offer, reason } = file;
  const percent = new Intl.NumberFormat(spoken(), { style: "percent" }).format(moved / offer.size);
  if (state === "offered") return mine ? t("files.waiting") : t("files.offered");
  if (state === "moving") return mine ? t("files.sending", { percent }) : t("files.receiving", { percent });
  if (state === "done") return mine ? t("files.sent") : t("files.here");
  return t(REASONS[reason] ?? "refusal.failed");
};

export class FilesView {
  /** @param {() => FileDesk | null} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {Map<string, string>} what was said of each file */
    this.told = new Map();
    for (const id of ["file-input", "photo-take", "photo-choose"]) {
      field(id).addEventListener("change", () => void this.chosen(field(id), id === "file-input" ? "" : (this.desk()?.machine.asked ?? "")));
    }
    element("attach").addEventListener("click", () => field("file-input").click());
    element("photo-take-button").addEventListener("click", () => field("photo-take").click());
    element("photo-choose-button").addEventListener("click", () => field("photo-choose").click());
    element("photo-no").addEventListener("click", () => {
      const desk = this.desk();
      desk?.decline(desk.machine.asked);
      element("message").focus();
    });
  }

  /** @param {HTMLInputElement} input @param {string} answers */
  async chosen(input, answers) {
    const file = input.files?.[0];
    const desk = this.desk();
    if (!file || !desk) return;
    const problem = await desk.offer(file, answers);
    input.value = "";
    setNote("file-error", problem === "" ? "" : t(PROBLEMS[problem] ?? "unsent.unreadable", { size: sizeText(desk.most) }));
  }

  render() {
    const desk = this.desk();
    if (desk === null) return;
    const asked = desk.machine.asked !== "" && desk.most > 0;
    const isNew = asked && element("photo").hidden;
    element("photo").hidden = !asked;
    if (isNew) element("photo").scrollIntoView({ block: "nearest" });
    this.tell(desk);
    element("attach").hidden = desk.most === 0;
    this.renderList(element("files"), desk);
    element("over-files").hidden = !desk.isOver || !desk.files.some((file) => desk.received(file.offer.id));
    if (desk.isOver) this.renderList(element("over-file-list"), desk);
  }

  /** Say once what became of each file; how far it is stands on the page only. @param {FileDesk} desk */
  tell(desk) {
    for (const file of desk.files) {
      const { id } = file.offer;
      if (this.told.get(id) === file.state) continue;
      this.told.set(id, file.state);
      if (file.state !== "moving" && !(file.mine && file.state === "offered")) setTextOf(element("file-news"), `${file.name}: ${stateText(file)}`);
    }
  }

  /** Items are changed and never rebuilt while their buttons stay the same: the focus stays where it was. @param {HTMLElement} list @param {FileDesk} desk */
  renderList(list, desk) {
    const { files } = desk;
    if (list.lang !== spoken()) list.replaceChildren();
    list.lang = spoken();
    for (const item of [...list.children]) if (!files.some((file) => file.offer.id === /** @type {HTMLElement} */ (item).dataset.id)) item.remove();
    for (const file of files) {
      const { id } = file.offer;
      const item = /** @type {HTMLElement | null} */ (list.querySelector(`[data-id="${id}"]`)) ?? list.appendChild(createItem(file));
      const status = /** @type {HTMLElement} */ (item.querySelector(".file-state"));
      setTextOf(status, stateText(file));
      const bar = /** @type {HTMLProgressElement} */ (item.querySelector("progress"));
      bar.hidden = file.state !== "moving";
      bar.value = file.moved;
      const buttons = this.buttons(file, desk);
      const row = /** @type {HTMLElement} */ (item.querySelector(".file-actions"));
      const wanted = buttons.map(([key]) => key).join();
      if (row.dataset.buttons !== wanted) row.replaceChildren(...buttons.map(([key, act]) => createButton(key, file.name, act)));
      row.dataset.buttons = wanted;
    }
    list.hidden = files.length === 0;
  }

  /** @param {FileEntry} file @param {FileDesk} desk @returns {[string, () => void][]} */
  buttons(file, desk) {
    const { id } = file.offer;
    if (desk.received(id)) return [["files.save", () => save(file.name, desk.received(id))]];
    if (desk.isOver || !isUnfinished(file)) return [];
    if (!file.mine && file.state === "offered") return [["files.take", () => desk.accept(id)], ["files.refuse", () => desk.decline(id)]];
    return [["files.cancel", () => desk.cancel(id)]];
  }

  clear() {
    setNote("file-error", "");
    setTextOf(element("file-news"), "");
    this.told.clear();
    element("photo").hidden = true;
  }
}

/** @param {FileEntry} file */
const createItem = (file) => {
  const item = document.createElement("li");
  item.className = file.mine ? "file mine" : "file";
  item.dataset.id = file.offer.id;
  const name = document.createElement("p");
  name.className = "file-name";
  const words = document.createElement("bdi");
  words.textContent = file.name;
  const size = document.createElement("span");
  size.className = "file-size";
  size.textContent = `${file.mine ? t("talk.you") : t("talk.clinician")} · ${sizeText(file.offer.size)}`;
  name.append(words, size);
  const state = document.createElement("p");
  state.className = "file-state";
  const bar = document.createElement("progress");
  bar.max = file.offer.size;
  bar.setAttribute("aria-label", file.name);
  const actions = document.createElement("div");
  actions.className = "file-actions";
  item.append(name, bar, state, actions);
  return item;
};

/** @param {string} key @param {string} name @param {() => void} act */
const createButton = (key, name, act) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = key === "files.take" || key === "files.save" ? "button primary" : "button";
  button.textContent = t(key);
  button.setAttribute("aria-label", `${t(key)}: ${name}`);
  button.addEventListener("click", act);
  return button;
};

/** Hand a file to the browser's downloads; it is never opened here. @param {string} name @param {Blob | null} bytes */
const save = (name, bytes) => {
  if (bytes === null) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS);
};
