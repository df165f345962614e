/** A photo on its way up: what it is, and no larger than it needs to be. */

import { t } from "./language/language";

export type ContentType = "image/jpeg" | "image/png" | "image/webp" | "image/heic" | "image/heif";

export interface Upload {
  body: Blob;
  type: ContentType;
}

const MOST_PIXELS = 12_000_000;
/** How much red, green and blue add to the brightness of a pixel (ITU-R BT.601); alpha adds nothing. */
const LUMA = [0.299, 0.587, 0.114];
const TYPES: Record<string, ContentType> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  heic: "image/heic",
  heif: "image/heif",
};

/** What to upload for a chosen file. Throws Error with a sentence for a file that is not a photo. */
export async function prepare(file: File): Promise<Upload> {
  // Browsers leave the type of a HEIC file empty, so its name decides.
  const ending = file.name.split(".").pop()?.toLowerCase() ?? "";
  const type = Object.values(TYPES).find((each) => each === file.type) ?? TYPES[ending];
  if (!type) throw new Error(t.photo.unreadable);
  const image = await createImageBitmap(file).catch(() => null);
  // HEIC, which most browsers cannot read, goes up as it is.
  if (!image) return { body: file, type };
  const scale = Math.sqrt(MOST_PIXELS / (image.width * image.height));
  if (scale >= 1) return { body: file, type };
  const canvas = drawn(image, Math.round(image.width * scale), Math.round(image.height * scale));
  return { body: await jpeg(canvas), type: "image/jpeg" };
}

/** What the camera sees now, as a JPEG. */
export async function snap(video: HTMLVideoElement): Promise<Upload> {
  return { body: await jpeg(drawn(video, video.videoWidth, video.videoHeight)), type: "image/jpeg" };
}

/** How bright the middle of the picture is, 0 to 255, where the face should be. */
export function brightness(video: HTMLVideoElement): number {
  const side = 32;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !video.videoWidth) return 128;
  const part = Math.min(video.videoWidth, video.videoHeight) / 2;
  const left = (video.videoWidth - part) / 2;
  const top = (video.videoHeight - part) / 2;
  context.drawImage(video, left, top, part, part, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side).data;
  const sum = pixels.reduce((total, value, at) => total + value * (LUMA[at % 4] ?? 0), 0);
  return sum / (side * side);
}

function drawn(source: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(source, 0, 0, width, height);
  return canvas;
}

function jpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null): void => (blob ? resolve(blob) : reject(new Error(t.photo.failed)));
    canvas.toBlob(take, "image/jpeg", 0.92);
  });
}
