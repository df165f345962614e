/** The language that the app speaks: the person's, else the browser's. Each one is loaded when it is wanted. */

import { useEffect, useState } from "preact/hooks";

import type { Catalogue } from "./en";

const LOAD = {
  en: () => import("./en"),
  de: () => import("./de"),
  es: () => import("./es"),
  fr: () => import("./fr"),
} satisfies Record<string, () => Promise<{ words: Catalogue }>>;

export type Language = keyof typeof LOAD;

/** What each is called by those who speak it. */
export const LANGUAGES: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
};

const KEY = "motiv8.locale";
const LOCALE = /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i;
/** How dates are written where neither the browser nor the person says so. */
const USUAL: Record<Language, string> = { en: "en-GB", de: "de", es: "es", fr: "fr" };

/** All words of the app, in its language. */
export let t: Catalogue;

let current: Language = "en";
let currentLocale = "en-GB";
const listeners = new Set<() => void>();

export function language(): Language {
  return current;
}

/** How dates and numbers are written. */
export function locale(): string {
  return currentLocale;
}

/** The app's language for a locale; null where the app does not speak it. */
export function languageOf(of: string): Language | null {
  const name = of.toLowerCase().split("-")[0] ?? "";
  return name in LOAD ? (name as Language) : null;
}

/** The locale of a language, as the browser wants it written. */
export function localeFor(wanted: Language): string {
  const own = browserLocales().find((each) => languageOf(each) === wanted);
  return own ?? USUAL[wanted];
}

/** What the person chose on this device, else what the browser wants, else English. */
export function preferredLocale(): string {
  return stored() ?? browserLocales().find((each) => languageOf(each)) ?? USUAL.en;
}

/** The locale of somebody who signs up here; of a language that the app does not speak, too, for the dates in mails. */
export function profileLocale(): string {
  return stored() ?? (LOCALE.test(navigator.language) ? navigator.language : USUAL.en);
}

/** Speak the language of a locale from now on; in one that the app does not speak, nothing changes. */
export async function speak(wanted: string): Promise<void> {
  const next = languageOf(wanted);
  if (t && (!next || (next === current && wanted === currentLocale))) return;
  const { words } = await LOAD[next ?? current]();
  t = words;
  if (next) [current, currentLocale] = [next, wanted];
  document.documentElement.lang = current;
  for (const listener of listeners) listener();
}

/** Speak it at the next visit, too. */
export async function choose(wanted: string): Promise<void> {
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // No storage: the browser's language comes back at the next visit.
  }
  await speak(wanted);
}

/** Render again when the language changes. */
export function useLanguage(): Language {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const again = (): void => setTurn((before) => before + 1);
    listeners.add(again);
    return () => {
      listeners.delete(again);
    };
  }, []);
  return current;
}

function browserLocales(): readonly string[] {
  return (navigator.languages ?? []).filter((each) => LOCALE.test(each));
}

function stored(): string | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept && LOCALE.test(kept) ? kept : null;
  } catch {
    return null;
  }
}
