import { beforeEach, describe, expect, it, vi } from "vitest";

type Module = typeof import("../src/session");
let session: Module["session"];

const KEY = "motiv8.session";
const TOKENS = { access_token: "access-1", refresh_token: "refresh-1" };

/** Load the module as a page does that opens with what is in storage. */
async function open(stored?: unknown): Promise<void> {
  localStorage.clear();
  if (stored !== undefined) localStorage.setItem(KEY, typeof stored === "string" ? stored : JSON.stringify(stored));
  vi.resetModules();
  ({ session } = await import("../src/session"));
}

/** What a browser tells this tab when another one changes the storage. */
function changedByAnotherTab(stored: unknown): void {
  if (stored === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify(stored));
  window.dispatchEvent(Object.assign(new Event("storage"), { key: KEY }));
}

beforeEach(() => open());

describe("a session", () => {
  it("keeps the refresh token over a reload, and the access token never", async () => {
    session.begin("ann@example.com", TOKENS);
    expect(localStorage.getItem(KEY)).not.toContain("access-1");
    await open(JSON.parse(localStorage.getItem(KEY) ?? ""));
    expect([session.active, session.email, session.refresh, session.access]).toEqual([
      true,
      "ann@example.com",
      "refresh-1",
      null,
    ]);
  });

  it.each(["not json", "null", '"text"', '{"refresh":"r"}'])("is none where storage holds %s", async (stored) => {
    await open(stored);
    expect(session.active).toBe(false);
    expect(session.email).toBe("");
  });

  it("leaves nothing behind when it ends, and says so", () => {
    session.begin("ann@example.com", TOKENS);
    const told = vi.fn();
    session.subscribe(told);
    session.end();
    expect(told).toHaveBeenCalledOnce();
    expect([session.active, session.access, localStorage.getItem(KEY)]).toEqual([false, null, null]);
  });

  it("tells nobody who has unsubscribed", () => {
    const told = vi.fn();
    session.subscribe(told)();
    session.begin("ann@example.com", TOKENS);
    expect(told).not.toHaveBeenCalled();
  });

  it("takes on renewed tokens and stays the same person's", () => {
    session.begin("ann@example.com", TOKENS, { title: "Google", url: "https://sign-in.example" });
    session.renew("refresh-1", { access_token: "access-2", refresh_token: "refresh-2" });
    expect([session.access, session.refresh, session.email]).toEqual(["access-2", "refresh-2", "ann@example.com"]);
    expect(session.provider?.title).toBe("Google");
  });

  it("does not take on tokens for a session that has ended or changed meanwhile", () => {
    session.begin("ann@example.com", TOKENS);
    session.begin("ben@example.com", { access_token: "bens", refresh_token: "bens-refresh" });
    session.renew("refresh-1", { access_token: "anns", refresh_token: "anns-refresh" });
    expect([session.access, session.refresh]).toEqual(["bens", "bens-refresh"]);
    session.end();
    session.renew("bens-refresh", TOKENS);
    expect(session.active).toBe(false);
  });

  it("changes its email and nothing else", () => {
    session.begin("ann@example.com", TOKENS);
    session.rename("new@example.com");
    expect([session.email, session.refresh, session.access]).toEqual(["new@example.com", "refresh-1", "access-1"]);
  });
});

describe("another tab", () => {
  it("that renews the session leaves this tab's access token and hands on the new refresh token", () => {
    session.begin("ann@example.com", TOKENS);
    changedByAnotherTab({ email: "ann@example.com", refresh: "refresh-2" });
    expect([session.access, session.refresh]).toEqual(["access-1", "refresh-2"]);
  });

  it("that signs out signs this one out", () => {
    session.begin("ann@example.com", TOKENS);
    const told = vi.fn();
    session.subscribe(told);
    changedByAnotherTab(null);
    expect([session.active, session.access]).toEqual([false, null]);
    expect(told).toHaveBeenCalledOnce();
  });

  it("that signs in as somebody else takes this one's access token away", () => {
    session.begin("ann@example.com", TOKENS);
    changedByAnotherTab({ email: "ben@example.com", refresh: "bens-refresh" });
    expect([session.email, session.access]).toEqual(["ben@example.com", null]);
  });

  it("that stores something else changes nothing", () => {
    session.begin("ann@example.com", TOKENS);
    window.dispatchEvent(Object.assign(new Event("storage"), { key: "another.key" }));
    expect(session.access).toBe("access-1");
  });

  it("is heard at once where a renewal asks for the newest refresh token", () => {
    session.begin("ann@example.com", TOKENS);
    localStorage.setItem(KEY, JSON.stringify({ email: "ann@example.com", refresh: "refresh-2" }));
    expect(session.newestRefresh()).toBe("refresh-2");
  });
});
