/** An answer as it is written: events in order, whatever the network does to them. Pure, so that it can be tested. */

import type { Citation, Message, ToolCall } from "./api";

/** What the coach says of an answer, over the socket; numbered from 0 for each message. */
export type StreamEvent = { message_id: string; sequence: number } & (
  | { type: "delta"; text: string }
  | { type: "citation"; citation: Citation }
  | ({ type: "tool" } & ToolCall)
  | { type: "confirm"; tool: string; summary: string; arguments: Record<string, unknown> }
  | { type: "done"; status: Message["status"] }
  | { type: "error"; reason: string; message: string }
);

/** An answer that is being written. */
export interface Stream {
  /** As it is shown: what is known from the events and from the API together. */
  message: Message;
  /** The tools that it used. */
  tools: ToolCall[];
  /** The sequence of the event that comes next. */
  next: number;
  /** Events that came before the one that must come first. */
  held: readonly StreamEvent[];
  /** The text and the citations that the events alone gave. */
  text: string;
  citations: Citation[];
}

/** The stream of a message that nothing has been heard of yet. */
export function begin(message: Message): Stream {
  return { message, tools: [], next: 0, held: [], text: "", citations: [] };
}

/** Whether more is to come. */
export function isOpen({ message }: Stream): boolean {
  return message.status === "streaming";
}

/** Whether an event is missing, so that what came after it waits. */
export function hasGap(stream: Stream): boolean {
  return isOpen(stream) && stream.held.length > 0;
}

/** The stream after an event; one that was there already changes nothing, and one that came too early waits. */
export function receive(stream: Stream, event: StreamEvent): Stream {
  if (event.message_id !== stream.message.message_id || event.sequence < stream.next || !isOpen(stream)) return stream;
  if (event.sequence > stream.next) {
    if (stream.held.some(({ sequence }) => sequence === event.sequence)) return stream;
    return { ...stream, held: [...stream.held, event].sort((one, other) => one.sequence - other.sequence) };
  }
  const after = { ...applied(stream, event), next: event.sequence + 1 };
  const waiting = after.held.find(({ sequence }) => sequence === after.next);
  return waiting ? receive({ ...after, held: after.held.filter((each) => each !== waiting) }, waiting) : after;
}

/** The stream after the API told how far the message is: nothing that is shown is taken back while it is written. */
export function refresh(stream: Stream, message: Message): Stream {
  if (message.message_id !== stream.message.message_id || !isOpen(stream)) return stream;
  if (message.status !== "streaming") return { ...stream, message, held: [] };
  return { ...stream, message: longest(stream, message) };
}

function applied(stream: Stream, event: StreamEvent): Stream {
  const { message } = stream;
  switch (event.type) {
    case "delta": {
      const after = { ...stream, text: stream.text + event.text };
      return { ...after, message: longest(after, message) };
    }
    case "citation": {
      const after = { ...stream, citations: [...stream.citations, event.citation] };
      return { ...after, message: longest(after, message) };
    }
    case "tool":
      return { ...stream, tools: withTool(stream.tools, event) };
    case "confirm": {
      const { tool, summary, arguments: given } = event;
      return {
        ...stream,
        message: { ...message, confirmation: { tool, summary, arguments: given, status: "waiting" } },
      };
    }
    case "done":
      return { ...stream, message: { ...message, status: event.status } };
    case "error":
      return { ...stream, message: { ...message, status: "failed", reason: event.reason, message: event.message } };
    default:
      // A kind of event from a newer coach.
      return stream;
  }
}

/** The message with what is longer: its own text and citations, or those of the events. */
function longest({ text, citations, message: shown }: Stream, message: Message): Message {
  const texts = [text, shown.text, message.text].sort((one, other) => other.length - one.length);
  const cited = [citations, shown.citations, message.citations].sort((one, other) => other.length - one.length);
  return { ...message, text: texts[0] ?? "", citations: cited[0] ?? [] };
}

function withTool(tools: ToolCall[], event: StreamEvent & { type: "tool" }): ToolCall[] {
  const call: ToolCall = { name: event.name, arguments: event.arguments, status: event.status };
  const started = tools.findLastIndex(({ name, status }) => name === event.name && status === "started");
  if (event.status === "started" || started < 0) return [...tools, call];
  return tools.map((each, index) => (index === started ? call : each));
}
