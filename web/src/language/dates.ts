/** Dates and times as the person's locale writes them. */

import { locale } from "./language";

/** The middle of a day that is given as 2026-11-29. */
export function dayOf(iso: string): Date {
  return new Date(`${iso}T12:00`);
}

export function weekday(date: Date, style: "long" | "short" | "narrow" = "long", timeZone?: string): string {
  return format(date, { weekday: style, timeZone });
}

/** Sunday, 29 November; with the year where it is another one than this. */
export function longDate(date: Date): string {
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return format(date, { weekday: "long", day: "numeric", month: "long", year });
}

/** From one day to another: 23–29 November. */
export function dayRange(first: Date, last: Date): string {
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long" }).formatRange(first, last);
}

export function fullDate(date: Date): string {
  return format(date, { dateStyle: "full" });
}

export function shortDate(date: Date): string {
  return format(date, { day: "numeric", month: "short", year: "numeric" });
}

export function monthOf(date: Date): string {
  return format(date, { month: "long", year: "numeric" });
}

export function timeOf(date: Date, timeZone?: string): string {
  return format(date, { hour: "numeric", minute: "2-digit", timeZone });
}

/** Today, as 2026-11-29, where the person is. */
export function todayIn(timeZone: string, now = new Date()): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(now);
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), options).format(date);
}
