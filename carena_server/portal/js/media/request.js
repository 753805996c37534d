/**
 * Asks the browser for devices with as few questions as possible: both in one, and apart only where one of them can't be
 * had. It keeps nothing; whoever asks owns the tracks.
 */

/** @typedef {import("./devices.js").Kind} Kind */
/** @typedef {"denied" | "missing" | "busy" | "lost" | "unsupported"} Problem */
/** @typedef {{tracks: Partial<Record<Kind, MediaStreamTrack>>, problems: Partial<Record<Kind, Problem>>}} Answer */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** @param {unknown} error @returns {Problem} */
export const problemOf = (error) => {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
};

/** @param {readonly Kind[]} kinds @param {Record<Kind, string>} chosen @returns {MediaStreamConstraints} */
const constraints = (kinds, chosen) => {
  const device = (/** @type {Kind} */ kind) => (chosen[kind] === "" ? {} : { deviceId: { ideal: chosen[kind] } });
  return {
    ...(kinds.includes("camera") ? { video: { ...VIDEO, ...device("camera") } } : {}),
    ...(kinds.includes("microphone") ? { audio: { ...AUDIO, ...device("microphone") } } : {}),
  };
};

/** @param {Pick<Permissions, "query"> | undefined} permissions @param {Kind} kind @returns {Promise<boolean>} */
const isForbidden = async (permissions, kind) => {
  try {
    const status = await permissions?.query({ name: /** @type {PermissionName} */ (kind) });
    return status?.state === "denied";
  } catch {
    return false; // this browser doesn't say
  }
};

/**
 * @param {readonly Kind[]} kinds @param {Record<Kind, string>} chosen device ids, "" for the browser's choice
 * @param {Pick<MediaDevices, "getUserMedia"> | undefined} media
 * @param {Pick<Permissions, "query"> | undefined} permissions
 * @returns {Promise<Answer>} a track or a problem for every kind; never throws
 */
export const requestDevices = async (kinds, chosen, media, permissions) => {
  /** @type {Answer} */
  const answer = { tracks: {}, problems: {} };
  if (media === undefined) {
    for (const kind of kinds) answer.problems[kind] = "unsupported";
    return answer;
  }
  try {
    const stream = await media.getUserMedia(constraints(kinds, chosen));
    const found = { camera: stream.getVideoTracks()[0], microphone: stream.getAudioTracks()[0] };
    for (const kind of kinds) {
      const track = found[kind];
      if (track) answer.tracks[kind] = track;
      else answer.problems[kind] = "missing";
    }
    return answer;
  } catch (error) {
    const problem = problemOf(error);
    if (kinds.length === 1 || problem === "denied") for (const kind of kinds) answer.problems[kind] = problem;
    const apart = kinds.length === 1 ? [] : problem === "denied" ? await onlySomeForbidden(kinds, permissions) : kinds;
    for (const kind of apart) {
      const one = await requestDevices([kind], chosen, media, permissions);
      delete answer.problems[kind];
      Object.assign(answer.tracks, one.tracks);
      Object.assign(answer.problems, one.problems);
    }
    return answer;
  }
};

/** The kinds worth asking for alone: where the other one is what the site may not use. A "no" to both is not asked again. @param {readonly Kind[]} kinds @param {Pick<Permissions, "query"> | undefined} permissions */
const onlySomeForbidden = async (kinds, permissions) => {
  const forbidden = await Promise.all(kinds.map((kind) => isForbidden(permissions, kind)));
  return forbidden.some(Boolean) ? kinds.filter((_, index) => !forbidden[index]) : [];
};
