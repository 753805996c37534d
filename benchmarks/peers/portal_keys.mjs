// Times the portal's sealing and opening, one frame at a time; prints JSON of medians in milliseconds.
import { Opener, Sealer, shim, shimSize } from "../../carena_server/portal/js/e2ee/sframe.js";

const FRAMES = Number(process.argv[2] ?? 1000);
const median = (found) => found.sort((one, other) => one - other)[Math.floor(found.length / 2)];

/** @param {() => Promise<unknown>} call */
const timed = async (call) => {
  const found = [];
  for (let count = 0; count < FRAMES; count += 1) {
    const start = performance.now();
    await call();
    found.push(performance.now() - start);
  }
  return median(found);
};

const results = {};
for (const [kind, size] of [["video", 6250], ["audio", 100]]) {
  const frame = new Uint8Array(size);
  if (kind === "video") frame[0] = 0x31;
  const clear = kind === "video" ? shim(frame) : undefined;
  const [sealer, opener] = [new Sealer("C>P", kind), new Opener("C>P", kind)];
  await sealer.install(1, new Uint8Array(16));
  await opener.install(1, new Uint8Array(16));
  const ready = [];
  results[`seal a frame of ${kind}`] = await timed(async () => ready.push(await sealer.seal(frame, clear)));
  let at = 0;
  results[`open a frame of ${kind}`] = await timed(() => {
    const data = ready[at++];
    return opener.open(data, kind === "video" ? shimSize(data) : 0);
  });
}
console.log(JSON.stringify(results));
