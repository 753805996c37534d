/** Two soft tones for a patient who looks at something else when it is their turn. Silent where the browser forbids it. */
export const chime = async () => {
  const context = new AudioContext();
  try {
    const gain = new GainNode(context, { gain: 0 });
    gain.connect(context.destination);
    const start = context.currentTime + 0.05;
    for (const [index, frequency] of [587.3, 880].entries()) {
      const tone = new OscillatorNode(context, { frequency });
      const at = start + index * 0.22;
      gain.gain.setTargetAtTime(0.12, at, 0.015);
      gain.gain.setTargetAtTime(0, at + 0.12, 0.05);
      tone.connect(gain);
      tone.start(at);
      tone.stop(at + 0.22);
    }
    await new Promise((resolve) => setTimeout(resolve, 900));
  } finally {
    await context.close();
  }
};
