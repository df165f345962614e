import { timeOf } from "../language/dates";
import { t } from "../language/language";
import type { components } from "./schema";

/** What the API says when it says no; `title` and `detail` are for the person. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly fields: Record<string, string> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }

  static of(problem: components["schemas"]["Problem"], retryAfter: string | null): ApiProblem {
    const fields: Record<string, string> = {};
    for (const each of problem.errors ?? []) fields[each.field.replace(/^body\.?/, "")] = each.message;
    return new ApiProblem(problem.status, problem.detail, fields, retryAfter ? Number(retryAfter) : null);
  }
}

/** What did not work here, without the API; the message is for the person. */
export class Trouble extends Error {}

/** What to tell the person about whatever was thrown, and when it is worth another try. */
export function sentence(error: unknown): string {
  if (error instanceof ApiProblem) {
    const fields = Object.entries(error.fields);
    const said = fields.length
      ? fields.map(([name, message]) => `${label(name)}: ${message}.`).join(" ")
      : error.detail;
    return [said, again(error)].filter(Boolean).join(" ");
  }
  if (error instanceof Trouble) return error.message;
  return t.trouble.connection;
}

/** When to try again, where there is more to wait than a moment. */
function again({ status, retryAfter }: ApiProblem): string {
  if (status !== 429 || retryAfter === null || retryAfter < 60) return "";
  const then = new Date(Date.now() + retryAfter * 1000);
  const sameDay = then.toDateString() === new Date().toDateString();
  return sameDay ? t.trouble.again(timeOf(then)) : t.trouble.againTomorrow(timeOf(then));
}

function label(field: string): string {
  const words = t.fields[field] ?? field.replaceAll("_", " ").trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : t.trouble.request;
}
