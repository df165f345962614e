import { describe, expect, it, vi } from "vitest";

import { answered, signInAgain, subscribe } from "../src/fresh";

describe("signing in again", () => {
  it("answers everybody who waits with one dialog", async () => {
    const shown: boolean[] = [];
    const stop = subscribe((asking) => shown.push(asking));
    const both = Promise.all([signInAgain(), signInAgain()]);
    answered(true);
    stop();
    expect(await both).toEqual([true, true]);
    expect(shown.at(-1)).toBe(false);
  });

  it("asks anew after it was refused", async () => {
    const refused = signInAgain();
    answered(false);
    const next = signInAgain();
    answered(true);
    expect([await refused, await next]).toEqual([false, true]);
  });

  it("tells nobody who has unsubscribed", async () => {
    const listener = vi.fn();
    subscribe(listener)();
    const asked = signInAgain();
    answered(false);
    await asked;
    expect(listener).not.toHaveBeenCalled();
  });
});
