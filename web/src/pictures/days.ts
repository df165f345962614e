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

/** The ISO week that a day is in: `2026-W48`. */
export function isoWeek(day: string): string {
  const monday = weekOf(day)[0] ?? day;
  // A week belongs to the year of its Thursday.
  const year = plusDays(monday, 3).slice(0, 4);
  const days = (Date.parse(monday) - Date.parse(firstMonday(year))) / 86_400_000;
  return `${year}-W${String(days / 7 + 1).padStart(2, "0")}`;
}

/** The Monday of an ISO week; null for what is none. */
export function mondayOf(week: string): string | null {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  if (!year || !number) return null;
  const monday = plusDays(firstMonday(year), (Number(number) - 1) * 7);
  return isoWeek(monday) === week ? monday : null;
}

/** The first week of a year has its 4 January. */
function firstMonday(year: string): string {
  return weekOf(`${year}-01-04`)[0] ?? "";
}

/** The seven days of the week that a day is in. */
export function weekOf(day: string): string[] {
  const monday = plusDays(day, -WEEK.indexOf(weekdayOf(day)));
  return WEEK.map((_, index) => plusDays(monday, index));
}
