/** The lines of chat as a list; lines are added and their delivery updated, never rebuilt, so that readers hear new ones once. */
import { spoken, t } from "../i18n/words.js";
import { element } from "./dom.js";

/** @typedef {import("../peer/chat.js").ChatLine} ChatLine */

/** @param {readonly ChatLine[]} lines @param {boolean} held whether ours wait for the codes to be compared */
export const renderChat = (lines, held) => {
  const list = element("lines");
  if (list.lang !== spoken()) list.replaceChildren(); // the words around each line are in another language now
  list.lang = spoken();
  for (const [index, line] of lines.entries()) {
    const item = /** @type {HTMLElement | undefined} */ (list.children[index]) ?? list.appendChild(createLine(line));
    const status = item.querySelector(".line-state");
    const words = !line.mine ? "" : line.delivery === "received" ? t("talk.delivered") : held ? t("talk.held") : t("talk.sending");
    if (status && status.textContent !== words) status.textContent = words;
  }
  if (list.children.length > 0) list.scrollTop = list.scrollHeight;
};

/** @param {ChatLine} line */
const createLine = (line) => {
  const item = document.createElement("li");
  item.className = line.mine ? "line mine" : "line";
  const who = document.createElement("p");
  who.className = "line-who";
  who.textContent = `${line.mine ? t("talk.you") : t("talk.clinician")} · ${new Date(line.at).toLocaleTimeString(spoken(), { hour: "numeric", minute: "2-digit" })}`;
  const text = document.createElement("p");
  text.className = "line-text";
  text.dir = "auto";
  text.textContent = line.text;
  const state = document.createElement("p");
  state.className = "line-state";
  item.append(who, text, state);
  return item;
};
