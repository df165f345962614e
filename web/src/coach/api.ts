/** What the coach's part of the API is asked. */

import { api, ask, type Schemas } from "../api/client";

export type Conversation = Schemas["Conversation"];
export type Message = Schemas["Message"];
export type Citation = Schemas["Citation"];
/** A tool that was used, or that is being used just now. */
export type ToolCall = Pick<Schemas["ToolUse"], "name" | "arguments"> & {
  status: Schemas["ToolUse"]["status"] | "started";
};
export type Rating = "up" | "down";
export type Namespace = Schemas["Namespace"];

const PAGE = 40;

interface Place {
  conversation_id: string;
  message_id: string;
}

export interface Page<Item> {
  items: Item[];
  cursor: string | null;
}

/** Conversations, the newest first. */
export async function conversations(cursor: string | null): Promise<Page<Conversation>> {
  const query = { limit: PAGE, ...(cursor ? { cursor } : {}) };
  const page = await ask(api.GET("/v1/conversations", { params: { query } }));
  return { items: page.conversations, cursor: page.next_cursor };
}

/** A page of a conversation's messages, in the order in which they were written; the newest page without a cursor. */
export async function messages(conversation_id: string, cursor: string | null): Promise<Page<Message>> {
  const query = { limit: PAGE, ...(cursor ? { cursor } : {}) };
  const params = { path: { conversation_id }, query };
  const page = await ask(api.GET("/v1/conversations/{conversation_id}/messages", { params }));
  return { items: page.messages.toReversed(), cursor: page.next_cursor };
}

export function conversation(conversation_id: string): Promise<Conversation> {
  return ask(api.GET("/v1/conversations/{conversation_id}", { params: { path: { conversation_id } } }));
}

export function start(namespace: string | null): Promise<Conversation> {
  return ask(api.POST("/v1/conversations", { body: namespace ? { namespace } : {} }));
}

export function rename(conversation_id: string, title: string): Promise<Conversation> {
  return ask(
    api.PATCH("/v1/conversations/{conversation_id}", { params: { path: { conversation_id } }, body: { title } }),
  );
}

export async function remove(conversation_id: string): Promise<void> {
  await ask(api.DELETE("/v1/conversations/{conversation_id}", { params: { path: { conversation_id } } }));
}

/** Ask something; the same `key` asks it once, however often it is sent. */
export function put(conversation_id: string, text: string, key: string): Promise<Schemas["AnswerBegun"]> {
  const params = { path: { conversation_id } };
  const headers = { "Idempotency-Key": key };
  return ask(api.POST("/v1/conversations/{conversation_id}/messages", { params, headers, body: { text } }));
}

export function message(path: Place): Promise<Message> {
  return ask(api.GET("/v1/conversations/{conversation_id}/messages/{message_id}", { params: { path } }));
}

export async function stop(path: Place): Promise<void> {
  await ask(api.POST("/v1/conversations/{conversation_id}/messages/{message_id}/stop", { params: { path } }));
}

export function retry(path: Place): Promise<Schemas["AnswerBegun"]> {
  return ask(api.POST("/v1/conversations/{conversation_id}/messages/{message_id}/retry", { params: { path } }));
}

/** Allow or refuse what the coach wants to change; where it is allowed, the coach goes on in another message. */
export async function decide(path: Place, accepted: boolean): Promise<Schemas["AnswerBegun"] | null> {
  const body = { accepted };
  const answer = await ask(
    api.POST("/v1/conversations/{conversation_id}/messages/{message_id}/confirmation", { params: { path }, body }),
  );
  return "question_id" in answer ? answer : null;
}

export async function rate(path: Place, rating: Rating, reason: string | null): Promise<void> {
  const body = { rating, reason };
  await ask(api.POST("/v1/conversations/{conversation_id}/messages/{message_id}/feedback", { params: { path }, body }));
}

/** The address of the conversation's socket, of use once and for a minute. */
export async function ticket(conversation_id: string): Promise<string> {
  const { url } = await ask(
    api.POST("/v1/conversations/{conversation_id}/socket", { params: { path: { conversation_id } } }),
  );
  return url;
}

export async function namespaces(): Promise<Namespace[]> {
  return (await ask(api.GET("/v1/namespaces"))).namespaces;
}
