import { describe, expect, it } from "vitest";

import { plusDays, weekdayOf, weekOf } from "../src/pictures/days";

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
});
