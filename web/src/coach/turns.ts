/** Messages as they stand on the page: questions, and answers with the tools that they used. */

import { t } from "../language/language";
import type { Message, ToolCall } from "./api";

export interface Turn {
  message: Message;
  tools: ToolCall[];
}

/** Whether a tool is one of motiv8's own. */
export function isOwn(tool: string): boolean {
  return Object.hasOwn(t.answer.tools, tool);
}

/** The answers and questions in order, each answer with its tools. */
export function turns(messages: readonly Message[], live: Readonly<Record<string, ToolCall[]>>): Turn[] {
  const found: Turn[] = [];
  for (const message of messages) {
    const before = found.at(-1);
    if (message.role !== "tool") found.push({ message, tools: live[message.message_id] ?? [] });
    else if (message.tool && before?.message.role === "assistant" && !(before.message.message_id in live)) {
      before.tools = [...before.tools, message.tool];
    }
  }
  return found;
}

/** What a tool does or did, for the person. */
export function activity({ name, arguments: given, status }: ToolCall): string {
  const [ing, done] = t.answer.tools[name] ?? [t.answer.using(name), t.answer.used(name)];
  if (status === "started") return ing;
  if (status === "failed") return t.answer.failedDoing(done);
  const query = name === "search_library" && typeof given.query === "string" ? given.query : "";
  return query ? t.answer.foundFor(done, query) : done;
}

/** Where a citation's page opens; null where there is no address that a browser may follow. */
export function address({ url, page }: { url: string | null; page: number | null }): string | null {
  // An address of another kind could be a script.
  if (!url || !/^https?:\/\//i.test(url)) return null;
  const link = parsed(url);
  if (!link) return null;
  if (page && !link.hash) link.hash = `page=${page}`;
  return link.href;
}

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** A citation's place in its document, in words. */
export function place({
  page,
  last_page,
  heading,
}: {
  page: number | null;
  last_page: number | null;
  heading: string;
}): string {
  const pages = !page ? "" : last_page && last_page > page ? t.answer.pages(page, last_page) : t.answer.page(page);
  return [pages, heading].filter(Boolean).join(" · ");
}
