/** Days as the API writes them (2026-11-29): which weekday, and which week. Pure. */

import type { Profile } from "../api/client";

export type Weekday = Profile["workout_days"][number];

/** Weeks begin on Monday. */
export const WEEK: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

export function weekdayOf(day: string): Weekday {
  return WEEK[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7] ?? "mon";
}

export function plusDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The seven days of the week that a day is in. */
export function weekOf(day: string): string[] {
  const monday = plusDays(day, -WEEK.indexOf(weekdayOf(day)));
  return WEEK.map((_, index) => plusDays(monday, index));
}
