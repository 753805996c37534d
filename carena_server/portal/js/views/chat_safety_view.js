/** How far the messages while waiting are known to go to the clinic's own computer, and the code to compare by telephone. */
import { pictureNames } from "../e2ee/safety_code.js";
import { t } from "../i18n/words.js";
import { chatCodeText } from "../text.js";
import { element, setNote, setText } from "./dom.js";

/** @typedef {import("../waiting/chat.js").WaitingChat} WaitingChat */

/** What has to be said without being asked, or "". @param {Pick<WaitingChat, "trust">} chat */
export const warning = ({ trust }) => (trust.meeting === "changed" ? t("notes.changed") : trust.meeting === "other" ? t("notes.other") : "");

/** @param {WaitingChat} chat */
export const renderChatSafety = (chat) => {
  const { facts } = chat;
  setNote("chat-trust", facts === null ? "" : warning(chat));
  element("chat-trust").className = chat.trust.meeting === "changed" ? "note danger" : "note warn";
  element("chat-safety").hidden = facts === null;
  if (facts === null) return;
  setText("chat-protection", t(facts.link === "used" ? "notes.link" : "notes.unverified"));
  setText("chat-code", chatCodeText(pictureNames(facts.code), facts.code.digits));
};
