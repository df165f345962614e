import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Message } from "../src/coach/api";
import type { StreamEvent } from "../src/coach/stream";
import { message } from "./coach-message";

type Module = typeof import("../src/coach/conversation");
let coach: Module;

/** What the API was asked, and what it answers; the newest socket. */
let asked: { method: string; path: string; key: string | null; body: unknown }[];
let answers: Record<string, () => Response | Promise<Response>>;
let socket: StandIn | null;

class StandIn {
  static readonly OPEN = 1;
  readyState = 1;
  sent: string[] = [];
  onopen = (): void => undefined;
  onclose = (): void => undefined;
  onmessage: (event: { data: unknown }) => void = () => undefined;
  constructor() {
    socket = this;
    setTimeout(() => this.onopen());
  }
  say(event: StreamEvent): void {
    this.onmessage({ data: JSON.stringify(event) });
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const refused = (status: number): Response => json({ type: "urn:x", title: "No", status, detail: "Not now." }, status);
/** Let what was asked for come. */
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

beforeEach(async () => {
  localStorage.clear();
  asked = [];
  socket = null;
  answers = {
    "POST /v1/conversations": () => json({ conversation_id: "c1", title: null }, 201),
    "POST /v1/conversations/c1/socket": () => json({ url: "wss://socket.example/?ticket=1" }, 201),
    "GET /v1/conversations/c1/messages": () => json({ messages: [], next_cursor: null }),
    "POST /v1/conversations/c1/messages": () => json({ message_id: "a1", question_id: "q1", status: "streaming" }, 202),
  };
  vi.resetModules();
  vi.stubGlobal("WebSocket", StandIn);
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    const text = await request.text();
    asked.push({
      method: request.method,
      path,
      key: request.headers.get("Idempotency-Key"),
      body: text ? JSON.parse(text) : null,
    });
    return (await answers[`${request.method} ${path}`]?.()) ?? refused(404);
  });
  coach = await import("../src/coach/conversation");
});

function open(id: string | null = null): InstanceType<Module["OpenConversation"]> {
  return new coach.OpenConversation(id, { onStarted: vi.fn(), onAsked: vi.fn() });
}

const delta = (sequence: number, text: string, message_id = "a1"): StreamEvent => ({
  type: "delta",
  message_id,
  sequence,
  text,
});

describe("a question", () => {
  it("makes the conversation, is asked, and its answer is written as it comes", async () => {
    const conversation = open();
    await conversation.ask("How fast?", "running");
    await settled();
    expect(asked.find(({ path }) => path === "/v1/conversations")?.body).toEqual({ namespace: "running" });
    socket?.say(delta(0, "Slow"));
    socket?.say(delta(1, "ly."));
    expect(conversation.shown.messages?.map(({ role, text }) => [role, text])).toEqual([
      ["user", "How fast?"],
      ["assistant", "Slowly."],
    ]);
    expect(conversation.writing?.message_id).toBe("a1");
    socket?.say({ type: "done", message_id: "a1", sequence: 2, status: "ready" });
    expect(conversation.writing).toBeUndefined();
    conversation.close();
  });

  it("loses no event that is here before the API's answer", async () => {
    const conversation = open("c1");
    await settled();
    conversation.prepare();
    await settled();
    answers["POST /v1/conversations/c1/messages"] = () => {
      socket?.say(delta(0, "Early"));
      return json({ message_id: "a1", question_id: "q1", status: "streaming" }, 202);
    };
    await conversation.ask("How fast?", null);
    expect(conversation.shown.messages?.at(-1)?.text).toBe("Early");
    conversation.close();
  });

  it("that was refused is not there, and sent again it is the same question", async () => {
    const conversation = open("c1");
    await settled();
    const take = answers["POST /v1/conversations/c1/messages"];
    answers["POST /v1/conversations/c1/messages"] = () => Promise.reject(new TypeError("offline"));
    await expect(conversation.ask("How fast?", null)).rejects.toThrow();
    expect([conversation.shown.messages, conversation.shown.sending]).toEqual([[], null]);
    answers["POST /v1/conversations/c1/messages"] = take ?? (() => refused(500));
    await conversation.ask("How fast?", null);
    await conversation.ask("How fast?", null);
    const keys = asked
      .filter(({ path, method }) => method === "POST" && path.endsWith("/messages"))
      .map(({ key }) => key);
    expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([true, false]);
    conversation.close();
  });

  it("of another tab is shown, with its answer", async () => {
    const conversation = open("c1");
    await settled();
    conversation.prepare();
    await settled();
    const there = [message("a2", "assistant", { status: "streaming", text: "He" }), message("q2", "user")];
    answers["GET /v1/conversations/c1/messages"] = () => json({ messages: there, next_cursor: null });
    socket?.say(delta(0, "Hello", "a2"));
    await vi.waitFor(() => expect(conversation.shown.messages?.at(-1)?.text).toBe("Hello"), 2_000);
    conversation.close();
  });
});

describe("an answer", () => {
  it("that is being written when the page opens is followed from its start", async () => {
    const there = [message("a1", "assistant", { status: "streaming", text: "Slow" }), message("q1", "user")];
    answers["GET /v1/conversations/c1/messages"] = () => json({ messages: there, next_cursor: null });
    const conversation = open("c1");
    await vi.waitFor(() => expect(socket?.sent).toEqual(['{"action":"resume","message_id":"a1","after":-1}']));
    socket?.say(delta(0, "Slowly."));
    expect(conversation.shown.messages?.at(-1)?.text).toBe("Slowly.");
    conversation.close();
  });

  it("that failed is written again in its place", async () => {
    const there = [message("a0", "assistant", { status: "failed" }), message("q0", "user", { text: "How fast?" })];
    answers["GET /v1/conversations/c1/messages"] = () => json({ messages: there, next_cursor: null });
    answers["POST /v1/conversations/c1/messages/a0/retry"] = () =>
      json({ message_id: "a1", question_id: "q0", status: "streaming" }, 202);
    const conversation = open("c1");
    await vi.waitFor(() => expect(conversation.shown.messages?.length).toBe(2));
    await conversation.retry(there[0] as Message);
    expect(conversation.shown.messages?.map(({ message_id }) => message_id)).toEqual(["q0", "a1"]);
    conversation.close();
  });

  describe("that asked first", () => {
    const confirmation = { tool: "change_settings", summary: "Monday.", arguments: {}, status: "waiting" as const };
    const there = message("a0", "assistant", { confirmation });

    it.each([
      [true, { message_id: "a1", question_id: "q0", status: "streaming" }, ["accepted", "streaming"]],
      [false, { ...there, confirmation: { ...confirmation, status: "declined" } }, ["declined"]],
    ])("and is told %s goes on in another message after a yes alone", async (accepted, answer, shown) => {
      answers["GET /v1/conversations/c1/messages"] = () => json({ messages: [there], next_cursor: null });
      answers["POST /v1/conversations/c1/messages/a0/confirmation"] = () => json(answer, accepted ? 202 : 200);
      const conversation = open("c1");
      await vi.waitFor(() => expect(conversation.shown.messages?.length).toBe(1));
      await conversation.decide(there, accepted);
      expect(asked.find(({ path }) => path.endsWith("/confirmation"))?.body).toEqual({ accepted });
      expect(conversation.shown.messages?.map((each) => each.confirmation?.status ?? each.status)).toEqual(shown);
      conversation.close();
    });
  });
});
