/** How far somebody has come with setting up, kept on this device so that they can go on later. */

import { session } from "../../session";

export const STEPS = ["photo", "days", "look"] as const;
export type Step = (typeof STEPS)[number];

const KEY = "motiv8.setup";

interface Kept {
  email: string;
  step: Step;
}

/** The step that the person is at; null where they are not setting up. */
export function currentStep(): Step | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Kept> | null;
    if (kept?.email !== session.email) return null;
    return STEPS.find((each) => each === kept.step) ?? null;
  } catch {
    return null;
  }
}

export function isSettingUp(): boolean {
  return currentStep() !== null;
}

export function keepStep(step: Step | null): void {
  if (step) localStorage.setItem(KEY, JSON.stringify({ email: session.email, step } satisfies Kept));
  else localStorage.removeItem(KEY);
}
