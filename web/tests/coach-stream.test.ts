import { describe, expect, it } from "vitest";

import type { Citation } from "../src/coach/api";
import { begin, hasGap, isOpen, receive, refresh, type Stream, type StreamEvent } from "../src/coach/stream";
import { message } from "./coach-message";

type Body = StreamEvent extends infer Event
  ? Event extends StreamEvent
    ? Omit<Event, "message_id" | "sequence">
    : never
  : never;

const MESSAGE = message("answer", "assistant", { status: "streaming" });
const CITATION: Citation = {
  number: 1,
  passage_id: "p1",
  document_id: "d1",
  title: "Running",
  page: 2,
  last_page: null,
  heading: "Pace",
  url: null,
  quote: "Run slowly.",
};
const BODIES: Body[] = [
  { type: "delta", text: "Run " },
  { type: "delta", text: "slowly [1]" },
  { type: "citation", citation: CITATION },
  { type: "delta", text: "." },
  { type: "done", status: "ready" },
];
const EVENTS = BODIES.map((body, sequence) => ({ message_id: "answer", sequence, ...body }) as StreamEvent);

function streamOf(events: readonly StreamEvent[], stream: Stream = begin(MESSAGE)): Stream {
  return events.reduce(receive, stream);
}

function at(...sequences: number[]): StreamEvent[] {
  return sequences.map((sequence) => EVENTS[sequence] as StreamEvent);
}

function one(body: Body, sequence = 0): StreamEvent {
  return { message_id: "answer", sequence, ...body } as StreamEvent;
}

describe("a stream", () => {
  it("puts the answer together, in order, until it is done", () => {
    const { message } = streamOf(EVENTS);
    expect([message.text, message.citations, message.status]).toEqual(["Run slowly [1].", [CITATION], "ready"]);
  });

  it.each([
    ["the other way round", [4, 3, 2, 1, 0]],
    ["each twice", [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]],
    ["late and again", [1, 0, 3, 1, 4, 2, 0]],
    ["from the start once more, as a resume sends them", [0, 1, 0, 1, 2, 3, 4]],
  ])("is the same where events come %s", (_, order) => {
    expect(streamOf(at(...order)).message).toEqual(streamOf(EVENTS).message);
  });

  it("waits at a gap, shows nothing out of order, and goes on where it is filled", () => {
    const gap = streamOf(at(0, 3));
    expect([hasGap(gap), gap.next, gap.message.text]).toEqual([true, 1, "Run "]);
    const filled = streamOf(at(1, 2), gap);
    expect([hasGap(filled), filled.next, filled.message.text]).toEqual([false, 4, "Run slowly [1]."]);
  });

  it("is not done before what comes before its end", () => {
    expect(isOpen(streamOf(at(0, 4)))).toBe(true);
  });

  it("takes nothing of another message, and nothing after its end", () => {
    const done = streamOf(EVENTS);
    expect(receive(begin(MESSAGE), { ...at(0)[0], message_id: "another" } as StreamEvent).message.text).toBe("");
    expect(receive(done, one({ type: "delta", text: "more" }, 5))).toBe(done);
  });

  it("passes over a kind of event that it does not know", () => {
    const unknown = { message_id: "answer", sequence: 0, type: "mood" } as unknown as StreamEvent;
    expect(streamOf([unknown, one({ type: "delta", text: "On." }, 1)]).message.text).toBe("On.");
  });

  it("ends with a reason where the answer failed", () => {
    const { message } = streamOf([one({ type: "error", reason: "model_unavailable", message: "Try later." })]);
    expect([message.status, message.reason, message.message]).toEqual(["failed", "model_unavailable", "Try later."]);
  });

  it("asks before something is changed", () => {
    const asks = { tool: "change_settings", summary: "Workout days: Monday.", arguments: { workout_days: ["mon"] } };
    expect(streamOf([one({ type: "confirm", ...asks })]).message.confirmation).toEqual({ ...asks, status: "waiting" });
  });

  it("shows a tool once, from its start to its end", () => {
    const call = { type: "tool", name: "search_library", arguments: { query: "pace" } } as const;
    const started = streamOf([one({ ...call, status: "started" })]);
    expect(started.tools.map(({ status }) => status)).toEqual(["started"]);
    expect(streamOf([one({ ...call, status: "done" }, 1)], started).tools.map(({ status }) => status)).toEqual([
      "done",
    ]);
  });
});

describe("what the API tells meanwhile", () => {
  it("is shown where it is further than the events, which add nothing twice", () => {
    const polled = refresh(streamOf(at(0)), { ...MESSAGE, text: "Run slowly [1]", citations: [CITATION] });
    expect(polled.message.text).toBe("Run slowly [1]");
    const again = streamOf(at(1, 2), polled);
    expect([again.message.text, again.message.citations]).toEqual(["Run slowly [1]", [CITATION]]);
    expect(streamOf(at(3), again).message.text).toBe("Run slowly [1].");
  });

  it("takes nothing back that is shown already", () => {
    expect(refresh(streamOf(at(0, 1)), { ...MESSAGE, text: "Run " }).message.text).toBe("Run slowly [1]");
  });

  it("ends the stream where the answer is finished, and fills what was missing", () => {
    const finished = { ...MESSAGE, text: "Run slowly [1].", status: "ready" as const };
    const stream = refresh(streamOf(at(0, 3)), finished);
    expect([stream.message, hasGap(stream), isOpen(stream)]).toEqual([finished, false, false]);
  });
});
