// What a door hears and feels: high and short for "in", low and twice for "stop". Told apart without looking.

const TONES = { // [hertz, seconds after the first]
  in: [[880, 0], [1320, 0.11]],
  again: [[520, 0], [520, 0.16]],
  stop: [[196, 0], [165, 0.2]],
};
const SECONDS = { in: 0.1, again: 0.12, stop: 0.18 };
const SHAKES = { in: [70], again: [60, 60, 60], stop: [220, 90, 220] }; // milliseconds on, off, on
const MUTED = "movy-door-muted";

let context;

export function sounded(look) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[look]); // before, browsers refuse, and log it
  if (localStorage.getItem(MUTED)) return;
  context ??= new AudioContext();
  context.resume(); // browsers start it silent until somebody has touched the page
  for (const [hertz, after] of TONES[look]) beep(hertz, context.currentTime + after, SECONDS[look], look);
}

function beep(hertz, at, seconds, look) {
  const tone = new OscillatorNode(context, { frequency: hertz, type: look === "stop" ? "sawtooth" : "sine" });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.35, at + 0.01); // without a slope it clicks
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

// Turn the sound on or off and return whether it is on; with null only look.
export function switchSound(change = true) {
  if (change) {
    if (localStorage.getItem(MUTED)) localStorage.removeItem(MUTED);
    else localStorage.setItem(MUTED, "yes");
  }
  return !localStorage.getItem(MUTED);
}
