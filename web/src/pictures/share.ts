/** Take a picture out of the app: as a file to keep, or to another app. */

import type { Portrait } from "../api/client";
import { Trouble } from "../api/problem";
import { t } from "../language/language";

const KEEP_LINK = 10_000;

/** A file at an address that holds for minutes: what it is called, and what is said with it. */
export interface Shareable {
  address: string;
  name: string;
  type: "image/jpeg" | "image/webp";
  text: string;
}

export function shareable({ date, image_url, line }: Portrait): Shareable {
  return { address: image_url ?? "", name: `motiv8-${date}.jpg`, type: "image/jpeg", text: line ?? "" };
}

async function file({ address, name, type }: Shareable): Promise<File> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Trouble(t.today.expired);
  return new File([await answer.blob()], name, { type });
}

/** Whether this browser hands files to other apps. */
export function canShare({ name, type }: Shareable): boolean {
  return navigator.canShare?.({ files: [new File([], name, { type })] }) ?? false;
}

export async function share(given: Shareable): Promise<void> {
  const files = [await file(given)];
  try {
    await navigator.share({ files, text: given.text });
  } catch (error) {
    // Closing the share sheet without choosing is no error.
    if ((error as Error).name !== "AbortError") throw error;
  }
}

export async function download(given: Shareable): Promise<void> {
  const link = document.createElement("a");
  const made = await file(given);
  link.href = URL.createObjectURL(made);
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_LINK);
}
