import { describe, expect, it } from "vitest";

import { isoWeek, mondayOf, plusDays, weekdayOf, weekOf } from "../src/pictures/days";

describe("days", () => {
  it("are weekdays whatever the time zone", () => {
    expect([weekdayOf("2026-11-29"), weekdayOf("2026-11-30")]).toEqual(["sun", "mon"]);
  });

  it("go over months, years and changes of the clock", () => {
    expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(plusDays("2026-03-29", -1)).toBe("2026-03-28");
    expect(plusDays("2028-02-28", 1)).toBe("2028-02-29");
  });

  it.each(["2026-11-23", "2026-11-26", "2026-11-29"])("are in the week from Monday to Sunday: %s", (day) => {
    const week = weekOf(day);
    expect([week[0], week[6], week.length]).toEqual(["2026-11-23", "2026-11-29", 7]);
  });

  it.each([
    ["2026-11-29", "2026-W48", "2026-11-23"],
    ["2026-12-31", "2026-W53", "2026-12-28"],
    ["2027-01-03", "2026-W53", "2026-12-28"],
    ["2024-12-30", "2025-W01", "2024-12-30"],
  ])("are in a week that has a name: %s", (day, week, monday) => {
    expect([isoWeek(day), mondayOf(week)]).toEqual([week, monday]);
  });

  it.each(["", "2026-W54", "2025-W53", "2026-W00", "2026-48"])("are in no week called %j", (week) => {
    expect(mondayOf(week)).toBeNull();
  });
});
