import { beforeEach, describe, expect, it, vi } from "vitest";

type Client = typeof import("../src/api/client");
type Handler = (request: Request, body: string) => Response | Promise<Response>;

let client: Client;
let session: typeof import("../src/session")["session"];
let fresh: typeof import("../src/fresh");
let problems: typeof import("../src/api/problem");
/** Every request that reached the API: method, path, and the token that it carried. */
let seen: string[];

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function problem(slug: string, status: number, detail = "No."): Response {
  return json({ type: `urn:motiv8:problem:${slug}`, title: "No", status, detail }, status);
}

function answerWith(handle: Handler): void {
  vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
    const request = new Request(new URL(typeof input === "string" ? input : input.url, location.href), {
      method: typeof input === "string" ? init?.method : input.method,
      headers: typeof input === "string" ? init?.headers : input.headers,
    });
    const body = typeof input === "string" ? String(init?.body ?? "") : await input.text();
    const token = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "-";
    seen.push(`${request.method} ${new URL(request.url).pathname} ${token}`);
    return handle(request, body);
  });
}

const path = (request: Request): string => new URL(request.url).pathname;
const token = (request: Request): string => request.headers.get("Authorization") ?? "";
const PROFILE = { email: "ann@example.com" };

beforeEach(async () => {
  localStorage.clear();
  vi.resetModules();
  seen = [];
  // One renewal after the other, as the browser keeps to it over all tabs.
  let last: Promise<unknown> = Promise.resolve();
  const request = (_: string, work: () => Promise<unknown>): Promise<unknown> => {
    last = last.then(work, work);
    return last;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  await (await import("../src/language/language")).speak("en-GB");
  client = await import("../src/api/client");
  ({ session } = await import("../src/session"));
  fresh = await import("../src/fresh");
  problems = await import("../src/api/problem");
  session.begin("ann@example.com", { access_token: "old", refresh_token: "refresh-1" });
});

describe("a request", () => {
  it("says in which language the person reads", async () => {
    const languages: (string | null)[] = [];
    answerWith((request) => {
      languages.push(request.headers.get("Accept-Language"));
      return json(PROFILE);
    });
    await client.ask(client.api.GET("/v1/me"));
    await (await import("../src/language/language")).speak("fr-CA");
    await client.ask(client.api.GET("/v1/me"));
    expect(languages).toEqual(["en", "fr"]);
  });

  it.each([429, 503])("that asks again without harm waits out a %s of a moment", async (status) => {
    vi.useFakeTimers();
    let busy = true;
    answerWith(() => {
      const answer = busy ? json({ status, detail: "Busy." }, status, { "Retry-After": "2" }) : json(PROFILE);
      busy = false;
      return answer;
    });
    const found = client.ask(client.api.GET("/v1/me"));
    await vi.runAllTimersAsync();
    expect([(await found).email, seen.length]).toEqual([PROFILE.email, 2]);
    vi.useRealTimers();
  });

  it("that changes something, or would wait for long, is not sent twice", async () => {
    answerWith(() => json({ status: 429, detail: "Used up." }, 429, { "Retry-After": "7200" }));
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toMatchObject({ retryAfter: 7200 });
    await expect(client.ask(client.api.POST("/v1/portraits", { body: {} }))).rejects.toThrow("Used up.");
    expect(seen).toHaveLength(2);
  });
});

describe("the access token", () => {
  it("goes with each request", async () => {
    answerWith(() => json(PROFILE));
    await client.ask(client.api.GET("/v1/me"));
    expect(seen).toEqual(["GET /v1/me old"]);
  });

  it("goes with no request for a token, and a wrong password there ends no session", async () => {
    answerWith(() => problem("unauthorized", 401, "Wrong email or password."));
    const body = { grant_type: "password" as const, email: "ann@example.com", password: "x" };
    await expect(client.ask(client.api.POST("/v1/auth/token", { body }))).rejects.toThrow("Wrong email or password.");
    expect(seen).toEqual(["POST /v1/auth/token -"]);
    expect(session.active).toBe(true);
  });

  it("is renewed once for all requests that find it expired, with a refresh token that is used once", async () => {
    const used: string[] = [];
    answerWith((request, body) => {
      if (path(request) === "/v1/auth/token") {
        used.push((JSON.parse(body) as { refresh_token: string }).refresh_token);
        return json({ access_token: "new", refresh_token: "refresh-2" });
      }
      return token(request) === "Bearer new" ? json(PROFILE) : problem("unauthorized", 401);
    });
    await Promise.all([1, 2, 3].map(() => client.ask(client.api.GET("/v1/me"))));
    expect(used).toEqual(["refresh-1"]);
    expect(session.refresh).toBe("refresh-2");
    expect(seen.filter((each) => each === "GET /v1/me new")).toHaveLength(3);
  });

  it("is renewed with the refresh token that another tab left", async () => {
    localStorage.setItem("motiv8.session", JSON.stringify({ email: "ann@example.com", refresh: "from-another-tab" }));
    const used: string[] = [];
    answerWith((request, body) => {
      if (path(request) !== "/v1/auth/token") {
        return token(request) === "Bearer new" ? json(PROFILE) : problem("unauthorized", 401);
      }
      used.push((JSON.parse(body) as { refresh_token: string }).refresh_token);
      return json({ access_token: "new", refresh_token: "refresh-3" });
    });
    await client.ask(client.api.GET("/v1/me"));
    expect(used).toEqual(["from-another-tab"]);
  });

  it("that cannot be renewed ends the session, and the request is not repeated", async () => {
    answerWith(() => problem("unauthorized", 401));
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toMatchObject({ status: 401 });
    expect(session.active).toBe(false);
    expect(seen).toEqual(["GET /v1/me old", "POST /v1/auth/token -"]);
  });

  it("that cannot be renewed just now leaves the session", async () => {
    answerWith((request) =>
      path(request) === "/v1/auth/token" ? problem("unavailable", 503) : problem("unauthorized", 401),
    );
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toMatchObject({ status: 401 });
    expect(session.active).toBe(true);
  });

  it("is renewed again when the next one has expired too", async () => {
    let good = "";
    let renewals = 0;
    answerWith((request) => {
      if (path(request) !== "/v1/auth/token") {
        return token(request) === `Bearer ${good}` ? json(PROFILE) : problem("unauthorized", 401);
      }
      renewals += 1;
      good = `new-${renewals}`;
      return json({ access_token: good, refresh_token: `refresh-${renewals + 1}` });
    });
    await client.ask(client.api.GET("/v1/me"));
    good = "";
    await client.ask(client.api.GET("/v1/me"));
    expect(renewals).toBe(2);
    expect(session.refresh).toBe("refresh-3");
  });
});

describe("a request that needs a recent sign-in", () => {
  const recently = (): void =>
    answerWith((request) =>
      token(request) === "Bearer recent" ? json({ status: "ready" }) : problem("fresh-sign-in-required", 403),
    );

  /** What the dialog does, once it is shown. */
  function dialog(answer: () => void): () => number {
    let shown = 0;
    fresh.subscribe((asking) => {
      if (!asking) return;
      shown += 1;
      queueMicrotask(answer);
    });
    return () => shown;
  }

  it("is repeated with the new token, with the same body, once the person has signed in again", async () => {
    const bodies: string[] = [];
    answerWith((request, body) => {
      bodies.push(body);
      return token(request) === "Bearer recent" ? json({}) : problem("fresh-sign-in-required", 403);
    });
    dialog(() => {
      session.begin("ann@example.com", { access_token: "recent", refresh_token: "refresh-9" });
      fresh.answered(true);
    });
    const body = { version: "2026-11-28", language: "en" as const };
    await client.ask(client.api.PUT("/v1/me/consent", { body }));
    expect(bodies).toEqual([JSON.stringify(body), JSON.stringify(body)]);
    expect(seen).toEqual(["PUT /v1/me/consent old", "PUT /v1/me/consent recent"]);
  });

  it("is not repeated where the person closes the dialog", async () => {
    recently();
    const shown = dialog(() => fresh.answered(false));
    await expect(client.ask(client.api.GET("/v1/me/export"))).rejects.toMatchObject({ status: 403 });
    expect([shown(), seen]).toEqual([1, ["GET /v1/me/export old"]]);
  });

  it("does not ask for a sign-in where something else is forbidden", async () => {
    answerWith(() => problem("consent-required", 403));
    const shown = dialog(() => fresh.answered(true));
    await expect(client.ask(client.api.POST("/v1/selfies", { body: { content_type: "image/png" } }))).rejects.toThrow();
    expect([shown(), seen.length]).toEqual([0, 1]);
  });
});

describe("an answer", () => {
  it("that refuses is thrown with the API's words and how long to wait", async () => {
    const body = { type: "urn:motiv8:problem:too-many-requests", title: "-", status: 429, detail: "Wait a little." };
    answerWith(() => json(body, 429, { "Retry-After": "30" }));
    const asked = client.ask(client.api.GET("/v1/me"));
    await expect(asked).rejects.toBeInstanceOf(problems.ApiProblem);
    await expect(asked).rejects.toMatchObject({ status: 429, detail: "Wait a little.", retryAfter: 30 });
  });

  it("that is no problem document gets a sentence of our own", async () => {
    answerWith(() => new Response("<html>Bad gateway</html>", { status: 502 }));
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toMatchObject({
      status: 502,
      detail: "Something went wrong on our side. Please try again.",
    });
  });

  it("that says the account is being deleted ends the session", async () => {
    answerWith(() => problem("account-being-deleted", 409));
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toMatchObject({ status: 409 });
    expect(session.active).toBe(false);
  });

  it("that never comes is thrown as the browser threw it", async () => {
    answerWith(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(client.ask(client.api.GET("/v1/me"))).rejects.toBeInstanceOf(TypeError);
  });
});
