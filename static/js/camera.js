// A phone's camera as a scanner: the browser's own BarcodeDetector where there is one, else ZXing as WebAssembly, which
// is fetched only then.

const LOOK_SECONDS = 0.12;
const WIDTH = 640; // pixels that are looked through: enough for a QR code at arm's length, and quick on an old phone
const WISH = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false };

const part = (id) => document.getElementById(id);

export class Camera {
  // words: sentences for people, and where ZXing lies; onCode: told every code that is seen, again and again.
  constructor({ words, onCode }) {
    this.words = words;
    this.onCode = onCode;
    this.eye = part("eye");
    this.canvas = document.createElement("canvas");
    part("camera-start").addEventListener("click", () => this.start());
    part("camera-stop").addEventListener("click", () => this.stop());
    part("torch").addEventListener("click", () => this.light());
    this.startIfAllowed();
  }

  // Who has allowed it before is not asked to press a button at every page.
  async startIfAllowed() {
    if (!navigator.mediaDevices) return this.unable(isSecureContext ? this.words.none : this.words.insecure);
    const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (permission?.state === "granted") this.start();
    return undefined;
  }

  async start() {
    if (this.isStarting || this.stream) return undefined; // by itself and by the button
    this.isStarting = true;
    part("camera-note").textContent = "";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WISH);
      this.eye.srcObject = this.stream;
      await this.eye.play();
      this.detect ??= await detector(this.words);
    } catch (error) {
      this.stop();
      const why = { NotAllowedError: this.words.denied, NotFoundError: this.words.none };
      return this.unable(why[error.name] ?? this.words.busy);
    } finally {
      this.isStarting = false;
    }
    this.show(true);
    this.awake = await navigator.wakeLock?.request("screen").catch(() => null); // no phone falls asleep at the door
    const [track] = this.stream.getVideoTracks();
    part("torch").hidden = !track.getCapabilities?.().torch;
    track.addEventListener("ended", () => this.stop());
    return this.look();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.awake?.release();
    this.show(false);
    part("torch").hidden = true;
  }

  show(isOn) {
    part("finder").hidden = !isOn;
    part("camera-stop").hidden = !isOn;
    part("camera-start").hidden = isOn;
  }

  unable(why) {
    part("camera-note").textContent = why;
  }

  async light() {
    const button = part("torch");
    const isOn = button.getAttribute("aria-pressed") !== "true";
    const [track] = this.stream.getVideoTracks();
    await track.applyConstraints({ advanced: [{ torch: isOn }] }).catch(() => {});
    button.setAttribute("aria-pressed", String(isOn));
  }

  async look() {
    while (this.stream) {
      if (!document.hidden && this.eye.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        const code = await this.detect(this.frame()).catch(() => "");
        if (code && this.stream) this.onCode(code);
      }
      await new Promise((resolve) => { setTimeout(resolve, 1000 * LOOK_SECONDS); });
    }
  }

  frame() {
    const scale = Math.min(1, WIDTH / this.eye.videoWidth);
    this.canvas.width = this.eye.videoWidth * scale;
    this.canvas.height = this.eye.videoHeight * scale;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.eye, 0, 0, this.canvas.width, this.canvas.height);
    return context.getImageData(0, 0, this.canvas.width, this.canvas.height);
  }
}

// Return a function that reads one picture: the code in it, or nothing.
async function detector({ scanner, wasm }) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (formats.includes("qr_code")) {
    const own = new BarcodeDetector({ formats: ["qr_code"] });
    return async (image) => (await own.detect(image))[0]?.rawValue;
  }
  await loaded(scanner);
  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 1 };
  return async (image) => (await ZXingWASM.readBarcodes(image, options))[0]?.text;
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}
