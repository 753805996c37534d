/** Draws the chat of the waiting room: who reads, the lines, what is unread. Lines are added, so that readers hear new ones once. */
import { isolated, spoken, t } from "../i18n/words.js";
import { renderChatSafety } from "./chat_safety_view.js";
import { element, field, setNote, setText, setTextOf } from "./dom.js";

/** @typedef {import("../waiting/chat.js").WaitingChat} WaitingChat */
/** @typedef {import("../waiting/chat.js").Line} Line */

/** @type {Record<Line["delivery"], string>} */
const DELIVERY = { waiting: "notes.waiting", sending: "talk.sending", received: "talk.delivered" };

/** @param {WaitingChat} chat */
const stateText = (chat) => {
  const name = isolated(chat.peer || t("call.clinician"));
  switch (chat.state) {
    case "closed":
      return chat.requested ? t("notes.requested") : chat.peer === "" ? t("notes.nobody") : t("notes.closed", { name });
    case "agreeing":
      return t("notes.agreeing", { name });
    case "open":
      return t("notes.open", { name });
    case "unsafe":
      return t("notes.unsafe");
  }
};

export class WaitingChatView {
  /** @param {() => WaitingChat | null} chat @param {() => void} ask the patient wants somebody to write with */
  constructor(chat, ask) {
    this.chat = chat;
    this.ask = ask;
    this.visible = false;
    element("waiting-chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    field("waiting-message").addEventListener("input", () => setNote("waiting-message-error", ""));
    element("ask-chat").addEventListener("click", ask);
    element("unread").addEventListener("click", () => {
      element("waiting-chat").scrollIntoView({ block: "nearest" });
      field("waiting-message").focus();
    });
    new IntersectionObserver((seen) => {
      this.visible = seen.at(-1)?.isIntersecting === true;
      this.look();
    }).observe(element("waiting-lines"));
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Lines in sight of somebody are read. */
  look() {
    if (this.visible && document.visibilityState === "visible") this.chat()?.read();
  }

  say() {
    const chat = this.chat();
    const input = field("waiting-message");
    const text = input.value.trim();
    if (chat === null || text === "") return;
    if (chat.say(text)) input.value = "";
    else setNote("waiting-message-error", t("talk.tooLong"));
    if (chat.state === "closed" && !chat.requested) this.ask();
    input.focus();
  }

  render() {
    const chat = this.chat();
    element("waiting-chat").hidden = chat === null;
    if (chat === null) return;
    setText("waiting-chat-state", stateText(chat));
    element("waiting-chat-state").dataset.tone = chat.state;
    element("ask-chat").hidden = chat.state !== "closed" || chat.requested;
    renderChatSafety(chat);
    this.renderLines(chat.lines);
    this.look();
    element("unread").hidden = chat.unread === 0 || this.visible;
    setText("unread", chat.unread === 0 ? t("notes.title") : t("notes.unread", { count: chat.unread }));
  }

  /** @param {readonly Line[]} lines */
  renderLines(lines) {
    const list = element("waiting-lines");
    if (list.lang !== spoken() || lines.length < list.children.length) list.replaceChildren();
    list.lang = spoken();
    const before = list.children.length;
    for (const [index, line] of lines.entries()) {
      const item = /** @type {HTMLElement | undefined} */ (list.children[index]) ?? list.appendChild(createLine(line));
      const status = /** @type {HTMLElement | null} */ (item.querySelector(".line-state"));
      if (status) setTextOf(status, line.mine ? t(DELIVERY[line.delivery]) : "");
    }
    element("waiting-log").tabIndex = lines.length > 0 ? 0 : -1; // nothing to scroll, nothing to stop at
    if (list.children.length > before) element("waiting-log").scrollTop = element("waiting-log").scrollHeight;
  }
}

/** @param {Line} line */
const createLine = (line) => {
  const item = document.createElement("li");
  item.className = line.mine ? "line mine" : "line";
  const parts = ["line-who", "line-text", "line-state"].map((name) => {
    const part = document.createElement("p");
    part.className = name;
    return part;
  });
  const [who, text] = parts;
  const time = new Date(line.at).toLocaleTimeString(spoken(), { hour: "numeric", minute: "2-digit" });
  if (who) who.textContent = `${line.mine ? t("talk.you") : isolated(line.name || t("talk.clinician"))} · ${time}`;
  if (text) {
    text.dir = "auto";
    text.textContent = line.text;
  }
  item.append(...parts);
  return item;
};
