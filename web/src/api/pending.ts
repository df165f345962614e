/** Wait for what the API is still working on. */

import { type Answer, ask } from "./client";
import { ApiProblem } from "./problem";

/** The server may hold its answer until there is something new (RFC 7240); one that does not answers at once. */
export const PREFER_WAIT = { Prefer: "wait=20" };

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 2_000;
const LONGEST_ASKED = 30_000;
/** A phone that was locked, or a network that was gone for a moment. */
const MOST_LOST = 5;

/**
 * Ask until `done` says so or `patience` is over (milliseconds); the last answer. Pauses as long as the server says,
 * not at all where it held its answer, and ever longer where it says nothing. Throws what ends the waiting.
 */
export async function untilDone<Data>(
  look: () => Promise<Answer<Data>>,
  done: (data: Data) => boolean,
  patience: number,
): Promise<Data> {
  const end = Date.now() + patience;
  let pause = FIRST_PAUSE;
  let lost = 0;
  for (;;) {
    let next = pause;
    try {
      const answer = await look();
      const found = await ask(Promise.resolve(answer));
      if (done(found) || Date.now() > end) return found;
      lost = 0;
      next = said(answer.response) ?? pause;
    } catch (problem) {
      const wait = problem instanceof ApiProblem ? patienceFor(problem) : ++lost < MOST_LOST ? LONGEST_PAUSE : null;
      if (wait === null || Date.now() + wait > end) throw problem;
      next = wait;
    }
    await new Promise((resolve) => setTimeout(resolve, next));
    pause = Math.min(LONGEST_PAUSE, pause * 1.25);
  }
}

/** How long to pause, as the answer says; null where it does not. */
function said({ headers }: Response): number | null {
  if (headers.get("Preference-Applied")?.includes("wait")) return 0;
  const seconds = Number(headers.get("Retry-After") ?? Number.NaN);
  return seconds > 0 ? Math.min(LONGEST_ASKED, seconds * 1000) : null;
}

function patienceFor({ status, retryAfter }: ApiProblem): number | null {
  return (status === 429 || status === 503) && retryAfter !== null ? retryAfter * 1000 : null;
}
