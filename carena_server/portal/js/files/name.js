/** File names that strangers chose: what of them is shown and saved under, and which files are not taken; call/files/name.py's twin. */

const MAX_CHARS = 120;
const MAX_BYTES = 200;
const MAX_EXTENSION = 16;
const NAMELESS = "file";
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** Extensions that make something run when the file is opened. */
const REFUSED = new Set(
  `exe com scr pif msi msp msix appx dll cpl sys drv ocx bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta jar class lnk url scf inf reg chm hlp
  gadget msc application appref-ms settingcontent-ms library-ms search-ms iso img vhd vhdx docm dotm xlsm xltm xlam xll pptm potm ppam ppsm
  sldm one app command dmg pkg workflow sh bash run appimage desktop deb rpm svg html htm xhtml mht mhtml shtml xml xsl`.split(/\s+/),
);

/** @param {string} text */
const size = (text) => new TextEncoder().encode(text).length;

/** @param {string} text */
const words = (text) => text.split(/\s+/).filter(Boolean).join(" ");

/** @param {string} text */
const trimmed = (text) => text.replace(/^[. ]+|[. ]+$/g, "");

/** The last extension in small letters, without its dot. @param {string} name */
export const extension = (name) => {
  const at = name.lastIndexOf(".");
  return at > 0 ? name.slice(at + 1).toLowerCase() : "";
};

/** Cut the middle: the beginning tells the file, the end its type. @param {string} text */
const shorten = (text) => {
  if ([...text].length <= MAX_CHARS && size(text) <= MAX_BYTES) return text;
  const last = extension(text);
  const tail = last !== "" && size(last) <= MAX_EXTENSION ? text.slice(text.lastIndexOf(".")) : "";
  let stem = [...text.slice(0, text.length - tail.length)].slice(0, MAX_CHARS - [...tail].length);
  while (size(stem.join("") + tail) > MAX_BYTES) stem = stem.slice(0, -1);
  return trimmed(stem.join("").replace(/[. ]+$/, "") + tail);
};

/** A name of one part that every file system takes and that shows what it is; cleaning twice changes nothing. @param {string} name */
export const clean = (name) => {
  const visible = name.normalize("NFC").replace(/[\t\n\r\u2028\u2029]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "");
  const last = visible.replace(/[/\\ ]+$/, "").split(/[/\\]/).at(-1) ?? "";
  const text = trimmed(words(last.replace(/[<>:"|?*]/g, "_")));
  return shorten(RESERVED.test((text.split(".")[0] ?? "").trimEnd()) ? `_${text}` : text) || NAMELESS;
};

/** Whether a file of this name is not taken: opening it would run it. @param {string} name */
export const isRefused = (name) => REFUSED.has(extension(clean(name)));

const PROGRAMS = [[0x4d, 0x5a], [0x7f, 0x45, 0x4c, 0x46], [0x23, 0x21], [0xfe, 0xed, 0xfa, 0xce], [0xfe, 0xed, 0xfa, 0xcf], [0xce, 0xfa, 0xed, 0xfe], [0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe], [0x4c, 0, 0, 0, 1, 0x14, 2, 0]];

/** Whether a file is a program by its first bytes, whatever its name. @param {Uint8Array} head */
export const isProgram = (head) => PROGRAMS.some((start) => head.length >= start.length && start.every((byte, at) => head[at] === byte));
