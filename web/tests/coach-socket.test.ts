import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "../src/api/problem";
import type { Message } from "../src/coach/api";
import { follow } from "../src/coach/follow";
import { CoachSocket } from "../src/coach/socket";
import type { Stream, StreamEvent } from "../src/coach/stream";

/** The sockets that were opened, each driven by the test. */
let sockets: StandIn[];

class StandIn {
  static readonly OPEN = 1;
  readyState = 0;
  sent: string[] = [];
  onopen = (): void => undefined;
  onclose = (): void => undefined;
  onmessage: (event: { data: unknown }) => void = () => undefined;
  constructor(readonly url: string) {
    sockets.push(this);
  }
  open(): void {
    this.readyState = 1;
    this.onopen();
  }
  say(data: unknown): void {
    this.onmessage({ data: JSON.stringify(data) });
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
    this.onclose();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", StandIn);
  sockets = [];
  return () => void vi.useRealTimers();
});

function opened(ticket: () => Promise<string> = numbered()): {
  socket: CoachSocket;
  heard: StreamEvent[];
  onOpen: ReturnType<typeof vi.fn>;
} {
  const heard: StreamEvent[] = [];
  const onOpen = vi.fn();
  const socket = new CoachSocket(ticket, { onOpen, onEvent: (event) => heard.push(event) });
  return { socket, heard, onOpen };
}

/** A new ticket each time. */
function numbered(): () => Promise<string> {
  let count = 0;
  return async () => `wss://socket.example/?ticket=${++count}`;
}

const last = (): StandIn => sockets.at(-1) as StandIn;
const tick = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

describe("a socket", () => {
  it("opens with a ticket when it is wanted, once", async () => {
    const { socket, onOpen } = opened();
    socket.want();
    socket.want();
    await tick();
    last().open();
    socket.want();
    await tick();
    expect([sockets.length, last().url, onOpen.mock.calls.length, socket.isOpen]).toEqual([
      1,
      "wss://socket.example/?ticket=1",
      1,
      true,
    ]);
  });

  it("that is lost opens again with another ticket, ever later", async () => {
    const { socket } = opened();
    socket.want();
    await tick();
    for (const pause of [700, 1_300, 2_600]) {
      last().close();
      const before = sockets.length;
      await tick(pause / 3);
      expect(sockets.length).toBe(before);
      await tick(pause);
      expect(sockets.length).toBe(before + 1);
    }
    expect(last().url).toBe("wss://socket.example/?ticket=4");
  });

  it("does not open again when nobody wants it, or when it was closed", async () => {
    const { socket } = opened();
    socket.want();
    await tick();
    last().open();
    socket.release();
    last().close();
    await tick(60_000);
    expect(sockets.length).toBe(1);
    socket.want();
    await tick();
    socket.close();
    await tick(60_000);
    expect([sockets.length, socket.isOpen]).toEqual([2, false]);
  });

  it.each([
    [404, 1],
    [429, 2],
    [503, 2],
  ])("asks for a ticket again after a refusal with %s: %s times", async (status, times) => {
    const ticket = vi.fn(() => Promise.reject(new ApiProblem(status, "No.")));
    const { socket } = opened(ticket);
    socket.want();
    await tick(700);
    expect(ticket).toHaveBeenCalledTimes(times);
    socket.close();
  });

  it("gives up on one that does not open, and tries the next", async () => {
    const { socket } = opened();
    socket.want();
    await tick(9_000);
    expect(sockets.length).toBe(2);
    socket.close();
  });

  it("hands on events and nothing else", async () => {
    const { socket, heard } = opened();
    socket.want();
    await tick();
    last().open();
    last().onmessage({ data: "no JSON" });
    last().say({ type: "pong" });
    last().say({ type: "delta", message_id: "a", sequence: 0, text: "Hi" });
    expect(heard.map(({ type }) => type)).toEqual(["delta"]);
  });

  it("says now and then that somebody is there", async () => {
    const { socket } = opened();
    socket.want();
    await tick();
    last().open();
    await tick(500_000);
    expect(last().sent).toEqual(['{"action":"ping"}', '{"action":"ping"}']);
    socket.close();
  });
});

describe("following an answer", () => {
  const MESSAGE = {
    message_id: "a",
    status: "streaming",
    text: "",
    citations: [],
    confirmation: null,
  } as unknown as Message;
  const delta = (sequence: number, text: string): StreamEvent => ({ type: "delta", message_id: "a", sequence, text });

  function followed(read: () => Promise<Message> = () => Promise.reject(new TypeError("offline"))) {
    const { socket } = opened();
    let stream: Stream | undefined;
    const onGone = vi.fn();
    const asked = vi.fn(read);
    socket.want();
    const following = follow(MESSAGE, { socket, read: asked, onChange: (next) => (stream = next), onGone });
    return { socket, following, text: () => stream?.message.text, status: () => stream?.message.status, asked, onGone };
  }

  it("asks once for what is missing, from where it stands", async () => {
    const { following, text } = followed();
    await tick();
    last().open();
    following.receive(delta(0, "a"));
    following.receive(delta(2, "c"));
    following.receive(delta(3, "d"));
    expect(last().sent).toEqual(['{"action":"resume","message_id":"a","after":0}']);
    following.receive(delta(1, "b"));
    expect(text()).toBe("abcd");
    following.end();
  });

  it("asks the API while there is no socket, until the answer is finished", async () => {
    const answers = ["R", "Run", "Run."];
    const { text, status, asked, socket } = followed(async () => {
      const words = answers.shift() ?? "";
      return { ...MESSAGE, text: words, status: words === "Run." ? "ready" : "streaming" };
    });
    await tick(10_000);
    expect([text(), status(), asked.mock.calls.length]).toEqual(["Run.", "ready", 3]);
    socket.close();
  });

  it("asks the API where an open socket says nothing", async () => {
    const { status, asked } = followed(async () => ({ ...MESSAGE, status: "failed" }));
    await tick();
    last().open();
    await tick(4_000);
    expect(asked).not.toHaveBeenCalled();
    await tick(4_000);
    expect(status()).toBe("failed");
  });

  it("goes on through a network that is away", async () => {
    const read = vi.fn<() => Promise<Message>>().mockRejectedValueOnce(new TypeError("offline"));
    read.mockResolvedValue({ ...MESSAGE, text: "Back.", status: "ready" });
    const { text, socket } = followed(read);
    await tick(4_000);
    expect(text()).toBe("Back.");
    socket.close();
  });

  it("ends where the message is gone", async () => {
    const { onGone, asked, socket } = followed(() => Promise.reject(new ApiProblem(404, "Not found.")));
    await tick(20_000);
    expect([onGone.mock.calls.length, asked.mock.calls.length]).toEqual([1, 1]);
    socket.close();
  });
});
