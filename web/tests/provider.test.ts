import { beforeEach, describe, expect, it, vi } from "vitest";

type Provider = typeof import("../src/provider");

let provider: Provider;
let session: typeof import("../src/session")["session"];
/** The bodies and tokens of what reached the API, by method and path. */
let seen: Record<string, { body: unknown; token: string | null }>;
let me: { email: string; biometric_consent: boolean; time_zone: string };

const GOOGLE = {
  title: "Google",
  url: "https://sign-in.example/oauth2/authorize?identity_provider=Google&client_id=c",
};
const TOKENS = { access_token: "access", refresh_token: "refresh" };

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, "", "/#/settings");
  vi.resetModules();
  seen = {};
  me = { email: "ann@example.com", biometric_consent: true, time_zone: "Europe/Berlin" };
  vi.stubGlobal("fetch", async (request: Request) => {
    const place = `${request.method} ${new URL(request.url).pathname}`;
    const text = await request.text();
    seen[place] = { body: text ? JSON.parse(text) : null, token: request.headers.get("Authorization") };
    return new Response(JSON.stringify(place.endsWith("/token") ? TOKENS : me), {
      headers: { "Content-Type": "application/json" },
    });
  });
  await (await import("../src/language/language")).speak("en-GB");
  provider = await import("../src/provider");
  ({ session } = await import("../src/session"));
});

/** Leave for the provider; the address that the browser was sent to. */
async function left(again = false): Promise<URL> {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  await provider.leave(GOOGLE, again);
  return new URL(String(assign.mock.lastCall?.[0]));
}

/** Come back from the provider with this query. */
function comeBack(query: Record<string, string>): Promise<void> {
  history.replaceState(null, "", `/?${new URLSearchParams(query)}`);
  return provider.comeBack();
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(digest).toString("base64url");
}

describe("leaving for a provider", () => {
  it("keeps the provider's own parameters and says where to come back to", async () => {
    const { origin, searchParams } = await left();
    expect(origin).toBe("https://sign-in.example");
    expect(searchParams.get("identity_provider")).toBe("Google");
    expect(searchParams.get("redirect_uri")).toBe(`${location.origin}/`);
  });

  it("sends the hash of a verifier that stays here (RFC 7636)", async () => {
    const address = await left();
    expect(address.searchParams.get("code_challenge_method")).toBe("S256");
    const challenge = address.searchParams.get("code_challenge");
    await comeBack({ code: "code-1", state: address.searchParams.get("state") ?? "" });
    const { code_verifier } = (seen["POST /v1/auth/token"]?.body ?? {}) as { code_verifier: string };
    expect(code_verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await sha256(code_verifier)).toBe(challenge);
    expect(address.href).not.toContain(code_verifier);
  });

  it("takes another state and another verifier each time", async () => {
    const [one, other] = [(await left()).searchParams, (await left()).searchParams];
    expect(one.get("state")).not.toBe(other.get("state"));
    expect(one.get("code_challenge")).not.toBe(other.get("code_challenge"));
  });
});

describe("coming back", () => {
  it("signs in with the code, and the address holds the code no longer", async () => {
    const state = (await left()).searchParams.get("state") ?? "";
    await comeBack({ code: "code-1", state });
    expect(seen["POST /v1/auth/token"]?.body).toMatchObject({
      grant_type: "authorization_code",
      code: "code-1",
      redirect_uri: `${location.origin}/`,
    });
    expect(seen["GET /v1/me"]?.token).toBe("Bearer access");
    expect([session.email, session.access, session.provider]).toEqual(["ann@example.com", "access", GOOGLE]);
    expect([location.search, location.hash]).toEqual(["", "#/settings"]);
  });

  it("tells the time zone of somebody who has only just come", async () => {
    me = { email: "ann@example.com", biometric_consent: false, time_zone: "UTC" };
    await comeBack({ code: "code-1", state: (await left()).searchParams.get("state") ?? "" });
    expect(seen["PATCH /v1/me"]?.body).toEqual(provider.here());
  });

  it("leaves the time zone of everybody else", async () => {
    await comeBack({ code: "code-1", state: (await left()).searchParams.get("state") ?? "" });
    expect(seen).not.toHaveProperty("PATCH /v1/me");
  });

  it.each([
    ["with another state", true],
    ["to a tab that never left", false],
  ])("%s sends the code nowhere", async (_, leaves) => {
    if (leaves) await left();
    await expect(comeBack({ code: "code-1", state: "forged" })).rejects.toThrow("was not started in this tab");
    expect([seen, session.active, location.search]).toEqual([{}, false, ""]);
  });

  it("works once: a reload sends the code nowhere", async () => {
    const state = (await left()).searchParams.get("state") ?? "";
    await comeBack({ code: "code-1", state });
    seen = {};
    await expect(comeBack({ code: "code-1", state })).rejects.toThrow();
    expect(seen).toEqual({});
  });

  it.each([
    ["access_denied", "", "cancelled"],
    ["invalid_request", "PreSignUp failed with error email-not-verified", "not verified"],
    ["invalid_request", "PreSignUp failed with error has-second-factor", "two-step verification"],
    ["server_error", "", "did not work"],
  ])("with %s %s says what happened", async (error, error_description, words) => {
    const state = (await left()).searchParams.get("state") ?? "";
    await expect(comeBack({ error, error_description, state })).rejects.toThrow(words);
    expect([seen, session.active]).toEqual([{}, false]);
  });

  it("leaves a second time, and only once, where Cognito has just linked the account", async () => {
    const linked = { error: "invalid_request", error_description: "Already found an entry for username google_1" };
    const state = (await left()).searchParams.get("state") ?? "";
    const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
    assign.mockClear();
    await comeBack({ ...linked, state });
    expect(assign).toHaveBeenCalledOnce();
    const second = new URL(String(assign.mock.lastCall?.[0])).searchParams.get("state") ?? "";
    await expect(comeBack({ ...linked, state: second })).rejects.toThrow("did not work");
    expect(assign).toHaveBeenCalledOnce();
  });
});

describe("a page", () => {
  it.each([
    ["?code=c&state=s", true],
    ["?error=access_denied&state=s", true],
    ["?state=s", false],
    ["?code=c", false],
    ["", false],
  ])("at %s is where a provider brings somebody back to: %s", (query, expected) => {
    history.replaceState(null, "", `/${query}`);
    expect(provider.isBack()).toBe(expected);
  });

  it.each([
    ["de-DE", "de-DE"],
    ["zh-Hant-TW", "zh-Hant-TW"],
    ["es-419", "es-419"],
    ["en-US-u-ca-buddhist", "en-GB"],
    ["C", "en-GB"],
  ])("in a browser set to %s asks for %s", (language, locale) => {
    vi.stubGlobal("navigator", { language });
    expect(provider.here().locale).toBe(locale);
  });
});
