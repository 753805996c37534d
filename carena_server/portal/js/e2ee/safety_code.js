/** The safety code: four pictures with names, and six digits; equal on both sides, or somebody listens. */

/** The list of carena_protocol/e2ee/safety_code.py, in its order. @type {[string, string][]} */
export const PICTURES = [
  ["🐶", "dog"], ["🐱", "cat"], ["🦁", "lion"], ["🐎", "horse"], ["🦄", "unicorn"], ["🐷", "pig"],
  ["🐘", "elephant"], ["🐰", "rabbit"], ["🐼", "panda"], ["🐓", "rooster"], ["🐧", "penguin"], ["🐢", "turtle"],
  ["🐟", "fish"], ["🐙", "octopus"], ["🦋", "butterfly"], ["🌷", "flower"], ["🌳", "tree"], ["🌵", "cactus"],
  ["🍄", "mushroom"], ["🌍", "globe"], ["🌙", "moon"], ["☁️", "cloud"], ["🔥", "fire"], ["🍌", "banana"],
  ["🍎", "apple"], ["🍓", "strawberry"], ["🌽", "corn"], ["🍕", "pizza"], ["🎂", "cake"], ["❤️", "heart"],
  ["😀", "smile"], ["🤖", "robot"], ["🎩", "hat"], ["👓", "glasses"], ["🔧", "wrench"], ["🎅", "Santa"],
  ["👍", "thumb"], ["☂️", "umbrella"], ["⌛", "hourglass"], ["⏰", "alarm clock"], ["🎁", "gift"], ["💡", "light bulb"],
  ["📕", "book"], ["✏️", "pencil"], ["📎", "paperclip"], ["✂️", "scissors"], ["🔒", "padlock"], ["🔑", "key"],
  ["🔨", "hammer"], ["☎️", "telephone"], ["🏁", "flag"], ["🚂", "train"], ["🚲", "bicycle"], ["✈️", "airplane"],
  ["🚀", "rocket"], ["🏆", "trophy"], ["⚽", "ball"], ["🎸", "guitar"], ["🎺", "trumpet"], ["🔔", "bell"],
  ["⚓", "anchor"], ["🎧", "headphones"], ["📁", "folder"], ["📌", "pin"],
];

/** @typedef {{pictures: number[], digits: string}} SafetyCode */

/** The code of 8 bytes: 24 bits for the pictures, 40 for the digits. @param {Uint8Array} secret @returns {SafetyCode} */
export const safetyCode = (secret) => {
  const bits = (Number(secret[0]) << 16) | (Number(secret[1]) << 8) | Number(secret[2]);
  let number = 0;
  for (const byte of secret.subarray(3, 8)) number = number * 256 + byte;
  return { pictures: [18, 12, 6, 0].map((shift) => (bits >> shift) & 63), digits: String(number % 1_000_000).padStart(6, "0") };
};

/** @param {SafetyCode} code */
export const pictureNames = (code) => code.pictures.map((index) => String(PICTURES[index]?.[1]));

/** @param {SafetyCode} code */
export const pictureSymbols = (code) => code.pictures.map((index) => String(PICTURES[index]?.[0]));
