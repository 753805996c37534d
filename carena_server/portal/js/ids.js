/** A random identifier of 128 bits, in the alphabet of carena_protocol.messages.Identifier. */
export const randomId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
