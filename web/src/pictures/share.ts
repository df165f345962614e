/** Take a picture out of the app: as a file to keep, or to another app. */

import type { Portrait } from "../api/client";
import { Trouble } from "../api/problem";
import { t } from "../language/language";

const KEEP_LINK = 10_000;

async function file({ date, image_url }: Portrait): Promise<File> {
  const answer = await fetch(image_url ?? "");
  // The link holds for five minutes.
  if (!answer.ok) throw new Trouble(t.today.expired);
  return new File([await answer.blob()], `motiv8-${date}.jpg`, { type: "image/jpeg" });
}

/** Whether this browser hands files to other apps. */
export function canShare(): boolean {
  const probe = new File([], "motiv8.jpg", { type: "image/jpeg" });
  return navigator.canShare?.({ files: [probe] }) ?? false;
}

export async function share(portrait: Portrait): Promise<void> {
  const files = [await file(portrait)];
  try {
    await navigator.share({ files, text: portrait.line ?? "" });
  } catch (error) {
    // Closing the share sheet without choosing is no error.
    if ((error as Error).name !== "AbortError") throw error;
  }
}

export async function download(portrait: Portrait): Promise<void> {
  const link = document.createElement("a");
  const made = await file(portrait);
  link.href = URL.createObjectURL(made);
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_LINK);
}
