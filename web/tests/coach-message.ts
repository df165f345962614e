import type { Message } from "../src/coach/api";

/** A message as the API gives it; anything can be changed. */
export const message = (message_id: string, role: Message["role"], more: Partial<Message> = {}): Message => ({
  message_id,
  role,
  status: "ready",
  text: "",
  citations: [],
  tool: null,
  confirmation: null,
  reason: null,
  message: null,
  feedback: null,
  created_at: "2026-11-28T20:00:00Z",
  finished_at: null,
  ...more,
});
