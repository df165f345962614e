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

/** One sentence for whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof ApiProblem) {
    const fields = Object.entries(error.fields);
    if (!fields.length) return error.detail;
    return fields.map(([name, message]) => `${label(name)}: ${message}.`).join(" ");
  }
  if (error instanceof Trouble) return error.message;
  return "There is no connection. Check your network and try again.";
}

function label(field: string): string {
  const words = field.replaceAll("_", " ").trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : "Your request";
}
