/** Measures the microphone's loudness, 0 to 1, while a page shows it. */
export class LevelMeter {
  /** @param {MediaStreamTrack} track @param {(level: number) => void} onLevel */
  constructor(track, onLevel) {
    this.track = track;
    this.context = new AudioContext();
    void this.context.resume().catch(() => undefined);
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 512;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      onLevel(levelOf(samples));
    }, 100);
  }

  close() {
    clearInterval(this.timer);
    void this.context.close();
  }
}

/** 0 at -60 dBFS and below, 1 at full scale. @param {Float32Array} samples @returns {number} */
export const levelOf = (samples) => {
  const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return Math.max(0, Math.min(1, 1 + Math.log10(rms + 1e-6) / 3));
};
