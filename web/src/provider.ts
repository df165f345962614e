/** Signing in by Google or Apple: OAuth 2.0's code flow with PKCE (RFC 7636), by way of Cognito's pages. */

import { api, ask } from "./api/client";
import { Trouble } from "./api/problem";
import { profileLocale, t } from "./language/language";
import { type SignInProvider, session } from "./session";

const KEY = "motiv8.sign-in";
interface Begun {
  provider: SignInProvider;
  /** Where in the app the person was. */
  hash: string;
  state: string;
  verifier: string;
  again: boolean;
}

export function here(): { time_zone: string; locale: string } {
  return {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    locale: profileLocale(),
  };
}

/** Leave for the provider's page. */
export async function leave(provider: SignInProvider, again = false): Promise<void> {
  const begun: Begun = { provider, hash: location.hash, state: random(), verifier: random(), again };
  sessionStorage.setItem(KEY, JSON.stringify(begun));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(begun.verifier));
  const more = new URLSearchParams({
    redirect_uri: redirectUri(),
    state: begun.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(`${provider.url}&${more}`);
}

/** Whether this page is where a provider brings somebody back to. */
export function isBack(): boolean {
  const query = new URLSearchParams(location.search);
  return query.has("state") && (query.has("code") || query.has("error"));
}

/** Finish the sign-in that a provider sends somebody back from. Throws Trouble, with a sentence for the person, if it failed. */
export async function comeBack(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const begun = read();
  sessionStorage.removeItem(KEY);
  // A code is of use once: a reload must not send it again.
  history.replaceState(null, "", location.pathname + (begun?.hash ?? location.hash));
  if (!begun || begun.state !== query.get("state")) throw new Trouble(t.provider.elsewhere);
  const code = query.get("code");
  const said = `${query.get("error") ?? ""} ${query.get("error_description") ?? ""}`;
  if (!code) {
    // The first sign-in of an account that was linked just then: Cognito wants it a second time.
    if (said.includes("Already found an entry") && !begun.again) return leave(begun.provider, true);
    throw new Trouble(Object.entries(t.provider.signs).find(([sign]) => said.includes(sign))?.[1] ?? t.provider.failed);
  }
  const body = {
    grant_type: "authorization_code" as const,
    code,
    code_verifier: begun.verifier,
    redirect_uri: redirectUri(),
  };
  const tokens = await ask(api.POST("/v1/auth/token", { body }));
  if (!("access_token" in tokens)) throw new Trouble(t.provider.failed);
  const headers = { Authorization: `Bearer ${tokens.access_token}` };
  const me = await ask(api.GET("/v1/me", { headers }));
  // Of somebody who has only just come, a provider tells neither. Before the app shows anything that it would be wrong in.
  if (!me.biometric_consent && me.time_zone === "UTC") await ask(api.PATCH("/v1/me", { body: here(), headers }));
  session.begin(me.email, tokens, begun.provider);
}

function read(): Begun | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Begun | null;
  } catch {
    return null;
  }
}

function redirectUri(): string {
  return `${location.origin}/`;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
