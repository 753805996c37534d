import { canSeal } from "./e2ee/sealing.js";

/** Whether this browser has what a visit can't do without. Devices are not among it: watching and writing is a visit too. */
export const isSupported = (page = globalThis) =>
  "RTCPeerConnection" in page && canSeal(page) && "WebSocket" in page && "crypto" in page && typeof String.prototype.isWellFormed === "function" && "replaceChildren" in Element.prototype;
