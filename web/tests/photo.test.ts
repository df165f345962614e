import { beforeEach, describe, expect, it, vi } from "vitest";

import { brightness, prepare, snap } from "../src/photo";

/** Sizes of what was drawn, and what was encoded: a canvas of this environment draws nothing. */
let drawn: [number, number][];
const ENCODED = new Blob(["encoded"], { type: "image/jpeg" });
let pixels: number[];

function decodesTo(width: number, height: number): void {
  vi.stubGlobal("createImageBitmap", vi.fn().mockResolvedValue({ width, height }));
}

function file(name: string, type: string): File {
  return new File(["original, with EXIF data"], name, { type });
}

function video(width: number, height: number): HTMLVideoElement {
  return Object.defineProperties(document.createElement("video"), {
    videoWidth: { value: width },
    videoHeight: { value: height },
  });
}

beforeEach(() => {
  drawn = [];
  pixels = [];
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation((() => ({
    drawImage: (_: unknown, ...at: number[]) => drawn.push([at.at(-2) ?? 0, at.at(-1) ?? 0]),
    getImageData: () => ({ data: new Uint8ClampedArray(pixels) }),
  })) as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(ENCODED));
});

describe("a chosen file", () => {
  it("of up to 12 megapixels is sent as it is", async () => {
    decodesTo(4000, 3000);
    const photo = file("me.png", "image/png");
    expect(await prepare(photo)).toEqual({ body: photo, type: "image/png" });
    expect(drawn).toEqual([]);
  });

  it("of more is drawn smaller in the same proportions, as a JPEG without the file's EXIF data", async () => {
    decodesTo(6000, 8000);
    expect(await prepare(file("me.webp", "image/webp"))).toEqual({ body: ENCODED, type: "image/jpeg" });
    expect(drawn).toEqual([[3000, 4000]]);
  });

  it("is turned as its EXIF data says, which is how browsers decode unless they are told otherwise", async () => {
    decodesTo(4000, 5000);
    const photo = file("me.jpg", "image/jpeg");
    await prepare(photo);
    expect(createImageBitmap).toHaveBeenCalledExactlyOnceWith(photo);
  });

  it.each([
    ["IMG_1.HEIC", "", "image/heic"],
    ["me.heif", "", "image/heif"],
    ["me.JPEG", "", "image/jpeg"],
    ["no-ending", "image/webp", "image/webp"],
    ["misnamed.png", "image/jpeg", "image/jpeg"],
  ])("named %s of type %j is sent as %s, where the browser cannot decode it too", async (name, type, expected) => {
    vi.stubGlobal("createImageBitmap", vi.fn().mockRejectedValue(new DOMException("not decoded")));
    const photo = file(name, type);
    expect(await prepare(photo)).toEqual({ body: photo, type: expected });
  });

  it.each([
    ["notes.txt", "text/plain"],
    ["film.mov", "video/quicktime"],
    ["photo", ""],
  ])("named %s is refused with the formats that we read", async (name, type) => {
    await expect(prepare(file(name, type))).rejects.toThrow("JPEG, PNG, WebP or HEIC");
  });

  it("that cannot be encoded again is an error, and no empty upload", async () => {
    decodesTo(8000, 8000);
    vi.mocked(HTMLCanvasElement.prototype.toBlob).mockImplementation((done) => done(null));
    await expect(prepare(file("me.jpg", "image/jpeg"))).rejects.toThrow();
  });
});

describe("the camera", () => {
  it("gives a JPEG of what it sees, in full size", async () => {
    expect(await snap(video(1920, 1440))).toEqual({ body: ENCODED, type: "image/jpeg" });
    expect(drawn).toEqual([[1920, 1440]]);
  });

  it.each([
    ["white", [255, 255, 255], 255],
    ["black", [0, 0, 0], 0],
    ["green", [0, 255, 0], 0.587 * 255],
  ])("is as bright as %s", (_, colour, expected) => {
    pixels = Array.from({ length: 32 * 32 }, () => [...colour, 255]).flat();
    expect(brightness(video(1920, 1440))).toBeCloseTo(expected, 3);
  });

  it("that shows nothing yet is neither dark nor bright", () => {
    expect(brightness(video(0, 0))).toBe(128);
  });
});
