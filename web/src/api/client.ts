import createClient from "openapi-fetch";

import { signInAgain } from "../fresh";
import { language, t } from "../language/language";
import { session } from "../session";
import { ApiProblem } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Profile = Schemas["Profile"];
export type Portrait = Schemas["Portrait"];
export type Selfie = Schemas["Selfie"];

/** What takes no access token: a wrong password there is not a session that ended. */
const OPEN = new Set(["/v1/auth/token", "/v1/auth/revoke"]);

/** Seconds that a page may stand still before it says that the server is busy. */
const LONGEST_WAIT = 5;

let renewal: Promise<boolean> | null = null;

/** Get a new access token, once for everybody who waits for one. False when the session is over. */
function renew(): Promise<boolean> {
  // One tab after the other, since each refresh token is of use once.
  renewal ??= Promise.resolve(navigator.locks.request("motiv8.renewal", renewNow)).finally(() => {
    renewal = null;
  });
  return renewal;
}

async function renewNow(): Promise<boolean> {
  const refresh_token = session.newestRefresh();
  if (!refresh_token) {
    session.end();
    return false;
  }
  const before = session.access;
  const answer = await fetch("/v1/auth/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ grant_type: "refresh_token", refresh_token }),
  });
  if (answer.status === 401 && session.refresh === refresh_token) session.end();
  if (answer.ok) session.renew(refresh_token, (await answer.json()) as Schemas["TokenAnswer"]);
  return session.access !== null && session.access !== before;
}

/** Ask in the person's language; what can be asked twice without harm waits as long as a busy server says, and asks again. */
async function fetchPatiently(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", language());
  if (request.method !== "GET") return fetchSignedIn(request);
  const again = request.clone();
  const answer = await fetchSignedIn(request);
  const wait = Number(answer.headers.get("Retry-After"));
  const busy = answer.status === 429 || answer.status === 503;
  if (!busy || !(wait > 0 && wait <= LONGEST_WAIT)) return answer;
  await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  return fetchSignedIn(again);
}

async function fetchSignedIn(request: Request): Promise<Response> {
  const own = request.headers.has("Authorization") || OPEN.has(new URL(request.url).pathname);
  if (!session.active || own) return fetch(request);
  const [renewed, fresh] = [request.clone(), request.clone()];
  if (!session.access) await renew();
  let answer = await fetch(signed(request));
  if (answer.status === 401 && (await renew())) answer = await fetch(signed(renewed));
  if (answer.status === 403 && (await wantsFreshSignIn(answer)) && (await signInAgain())) {
    answer = await fetch(signed(fresh));
  }
  return answer;
}

async function wantsFreshSignIn(answer: Response): Promise<boolean> {
  const problem = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as Partial<Schemas["Problem"]>;
  return problem.type?.endsWith(":fresh-sign-in-required") ?? false;
}

function signed(request: Request): Request {
  if (session.access) request.headers.set("Authorization", `Bearer ${session.access}`);
  return request;
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchPatiently });

export interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The answer's data. Throws ApiProblem for what the API refuses; what fetch throws comes through as it is. */
export async function ask<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  if (error && typeof error === "object" && "detail" in error) {
    // Deleted in another tab, or on another device.
    if ((error as Partial<Schemas["Problem"]>).type?.endsWith(":account-being-deleted")) session.end();
    throw ApiProblem.of(error as Schemas["Problem"], response.headers.get("Retry-After"));
  }
  throw new ApiProblem(response.status, t.trouble.ours);
}
