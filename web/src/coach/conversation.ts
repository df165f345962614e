/** One conversation on the page: its messages, what is being written, and what the person does with it. */

import { ApiProblem } from "../api/problem";
import type { Conversation, Message, Rating, ToolCall } from "./api";
import * as coach from "./api";
import { type Following, follow } from "./follow";
import { CoachSocket } from "./socket";
import type { Stream, StreamEvent } from "./stream";

const MOST_EARLY = 500;
const RELOAD_AFTER = 400;

export interface Shown {
  /** Null until they came. */
  messages: readonly Message[] | null;
  /** The tools that an answer used, as far as they were heard of while it was written. */
  tools: Readonly<Record<string, ToolCall[]>>;
  /** What gives the messages before those. */
  cursor: string | null;
  /** The question that is being sent. */
  sending: string | null;
  /** The answer that is asked to end. */
  stopping: string | null;
  /** What kept the messages from being loaded. */
  problem: unknown;
}

interface Events {
  /** The first question made the conversation. */
  onStarted: (conversation: Conversation) => void;
  /** A question was taken: the list may have another title and order. */
  onAsked: () => void;
}

export class OpenConversation {
  shown: Shown;
  private readonly listeners = new Set<() => void>();
  private readonly following = new Map<string, Following>();
  private early: StreamEvent[] = [];
  private socket: CoachSocket | null = null;
  private attempt = { text: "", key: "" };
  private socketOpened = 0;
  private reloading: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private id: string | null,
    private readonly events: Events,
  ) {
    const messages = id ? null : [];
    this.shown = { messages, tools: {}, cursor: null, sending: null, stopping: null, problem: null };
    if (id) void this.load();
  }

  /** The answer that is being written. */
  get writing(): Message | undefined {
    return this.shown.messages?.findLast(({ role, status }) => role === "assistant" && status === "streaming");
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.reloading);
    for (const each of this.following.values()) each.end();
    this.socket?.close();
  }

  /** The network is back, or the person looks again. */
  hurry(): void {
    if (this.following.size) this.socket?.hurry();
  }

  /** A question is being written: have the socket open when it is sent. */
  prepare(): void {
    if (this.id) this.open(this.id).want();
  }

  async load(): Promise<void> {
    if (!this.id) return;
    this.show({ problem: null });
    try {
      const page = await coach.messages(this.id, null);
      this.show({ messages: page.items, cursor: page.cursor });
      for (const each of page.items) this.followIfOpen(each);
    } catch (problem) {
      this.show({ problem });
    }
  }

  async loadEarlier(): Promise<void> {
    const { cursor } = this.shown;
    if (!this.id || !cursor) return;
    const page = await coach.messages(this.id, cursor);
    this.show({ messages: [...page.items, ...(this.shown.messages ?? [])], cursor: page.cursor });
  }

  /** Ask; raises what the API says against it, and then nothing was asked. */
  async ask(text: string, namespace: string | null): Promise<void> {
    if (this.shown.sending !== null) return;
    this.show({ sending: text });
    // The same question sent again after a lost answer is asked once.
    if (this.attempt.text !== text) this.attempt = { text, key: crypto.randomUUID() };
    try {
      const id = this.id ?? (await this.begin(namespace));
      this.open(id).want();
      const from = Date.now();
      const asked = await coach.put(id, text, this.attempt.key);
      this.attempt = { text: "", key: "" };
      this.add(written(asked.question_id, "user", text), written(asked.message_id, "assistant", ""));
      this.adopt(asked.message_id, from);
      this.events.onAsked();
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 409) void this.load();
      throw problem;
    } finally {
      this.show({ sending: null });
    }
  }

  async stop({ message_id }: Message): Promise<void> {
    this.show({ stopping: message_id });
    try {
      await coach.stop(this.place(message_id));
    } catch (problem) {
      this.show({ stopping: null });
      throw problem;
    }
  }

  /** Have a failed or stopped answer written again. */
  async retry({ message_id }: Message): Promise<void> {
    const from = Date.now();
    const place = this.place(message_id);
    this.open(place.conversation_id).want();
    const asked = await coach.retry(place);
    this.remove(message_id);
    this.add(written(asked.message_id, "assistant", ""));
    this.adopt(asked.message_id, from);
  }

  /** Allow or refuse what an answer wants to change. */
  async decide(message: Message, accepted: boolean): Promise<void> {
    const from = Date.now();
    const place = this.place(message.message_id);
    if (accepted) this.open(place.conversation_id).want();
    const asked = await coach.decide(place, accepted);
    const { confirmation } = message;
    if (confirmation) {
      this.change({ ...message, confirmation: { ...confirmation, status: accepted ? "accepted" : "declined" } });
    }
    if (!asked) return;
    this.add(written(asked.message_id, "assistant", ""));
    this.adopt(asked.message_id, from);
  }

  async rate(message: Message, rating: Rating, reason: string | null): Promise<void> {
    await coach.rate(this.place(message.message_id), rating, reason);
    this.change({ ...message, feedback: { rating, reason } });
  }

  private place(message_id: string): { conversation_id: string; message_id: string } {
    return { conversation_id: this.id ?? "", message_id };
  }

  private async begin(namespace: string | null): Promise<string> {
    const started = await coach.start(namespace);
    this.id = started.conversation_id;
    this.events.onStarted(started);
    return started.conversation_id;
  }

  private open(id: string): CoachSocket {
    this.socket ??= new CoachSocket(() => coach.ticket(id), {
      onOpen: () => {
        this.socketOpened = Date.now();
        for (const each of this.following.values()) each.catchUp();
      },
      onEvent: (event) => this.hear(event),
    });
    return this.socket;
  }

  private hear(event: StreamEvent): void {
    const following = this.following.get(event.message_id);
    if (following) {
      following.receive(event);
      return;
    }
    const known = this.shown.messages?.find(({ message_id }) => message_id === event.message_id);
    if (known && known.status !== "streaming") return;
    // The first events may be here before the API's answer is, or another tab has asked.
    this.early = [...this.early.slice(-MOST_EARLY), event];
    if (this.shown.sending === null) {
      clearTimeout(this.reloading);
      this.reloading = setTimeout(() => void this.load(), RELOAD_AFTER);
    }
  }

  /** Follow an answer that was asked for at `from`. */
  private adopt(message_id: string, from: number): void {
    const message = this.shown.messages?.find((each) => each.message_id === message_id);
    if (!message) return;
    this.followIfOpen(message);
    // A socket that opened meanwhile may have missed the beginning.
    if (this.socketOpened >= from) this.following.get(message_id)?.catchUp();
  }

  private followIfOpen(message: Message): void {
    const { message_id } = message;
    if (this.closed || !this.id || message.status !== "streaming" || this.following.has(message_id)) return;
    const socket = this.open(this.id);
    socket.want();
    const following = follow(message, {
      socket,
      read: () => coach.message(this.place(message_id)),
      onChange: (stream) => this.progress(stream),
      onGone: () => {
        this.following.delete(message_id);
        void this.load();
      },
    });
    this.following.set(message_id, following);
    following.catchUp();
    const early = this.early.filter((each) => each.message_id === message_id);
    this.early = this.early.filter((each) => each.message_id !== message_id);
    for (const each of early) following.receive(each);
  }

  private progress({ message, tools }: Stream): void {
    if (tools.length) this.show({ tools: { ...this.shown.tools, [message.message_id]: tools } });
    this.change(message);
    if (message.status === "streaming") return;
    this.following.delete(message.message_id);
    if (this.shown.stopping === message.message_id) this.show({ stopping: null });
    if (!this.following.size) this.socket?.release();
  }

  private change(message: Message): void {
    const { messages } = this.shown;
    this.show({ messages: messages?.map((each) => (each.message_id === message.message_id ? message : each)) ?? null });
  }

  private add(...added: Message[]): void {
    const ids = new Set(added.map(({ message_id }) => message_id));
    this.show({
      messages: [...(this.shown.messages ?? []).filter(({ message_id }) => !ids.has(message_id)), ...added],
    });
  }

  private remove(message_id: string): void {
    this.show({ messages: this.shown.messages?.filter((each) => each.message_id !== message_id) ?? null });
  }

  private show(change: Partial<Shown>): void {
    if (this.closed) return;
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}

function written(message_id: string, role: "user" | "assistant", text: string): Message {
  return {
    message_id,
    role,
    status: role === "user" ? "ready" : "streaming",
    text,
    citations: [],
    tool: null,
    confirmation: null,
    reason: null,
    message: null,
    feedback: null,
    created_at: new Date().toISOString(),
    finished_at: null,
  };
}
