import { afterEach, describe, expect, it, vi } from "vitest";

import type { Answer } from "../src/api/client";
import { untilDone } from "../src/api/pending";

afterEach(() => {
  vi.useRealTimers();
});

function answer(status: string, headers: Record<string, string> = {}): Answer<string> {
  return { data: status, response: new Response(null, { headers }) };
}

function refused(status: number, headers: Record<string, string> = {}): Answer<string> {
  return { error: { status, detail: "Not now." }, response: new Response(null, { status, headers }) };
}

/** Ask with these answers, the last one for ever; what came of it, and the pauses between the questions. */
async function asked(answers: (Answer<string> | Error)[], patience = 60_000): Promise<[unknown, number[]]> {
  vi.useFakeTimers();
  const times: number[] = [];
  const look = async (): Promise<Answer<string>> => {
    times.push(Date.now());
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next instanceof Error || !next) throw next;
    return next;
  };
  const done = untilDone(look, (found) => found === "ready", patience).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return [await done, times.slice(1).map((time, index) => time - (times[index] ?? 0))];
}

describe("waiting for what the API works on", () => {
  it("ends with the first answer that is done", async () => {
    const [found, pauses] = await asked([answer("queued"), answer("making"), answer("ready"), answer("never seen")]);
    expect(found).toBe("ready");
    expect(pauses).toEqual([400, 500]);
  });

  it("pauses as long as the server says", async () => {
    const [, pauses] = await asked([answer("making", { "Retry-After": "3" }), answer("ready")]);
    expect(pauses).toEqual([3000]);
  });

  it("asks again at once where the server held its answer", async () => {
    const held = { "Preference-Applied": "wait=20", "Retry-After": "2" };
    const [, pauses] = await asked([answer("making", held), answer("ready")]);
    expect(pauses).toEqual([0]);
  });

  it.each([429, 503])("waits out a %s that says for how long", async (status) => {
    const [found, pauses] = await asked([refused(status, { "Retry-After": "7" }), answer("ready")]);
    expect([found, pauses]).toEqual(["ready", [7000]]);
  });

  it.each([404, 429, 500])("ends with a %s that says no time", async (status) => {
    const [found] = await asked([refused(status), answer("ready")]);
    expect(found).toMatchObject({ status, detail: "Not now." });
  });

  it("outlasts a network that is gone for a moment, and not one that stays away", async () => {
    const gone = new TypeError("Failed to fetch");
    expect((await asked([gone, gone, answer("ready")]))[0]).toBe("ready");
    expect((await asked([gone]))[0]).toBe(gone);
  });

  it("ends with the last answer when patience is over, having asked ever less often", async () => {
    const [found, pauses] = await asked([answer("making")], 30_000);
    expect(found).toBe("making");
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    expect(Math.max(...pauses)).toBe(2000);
  });
});
