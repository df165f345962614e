import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { SignIn } from "../src/pages/sign-in";

const root = document.createElement("div");

beforeEach(() => {
  document.body.append(root);
  history.replaceState(null, "", "/");
  vi.stubGlobal("fetch", async () => Response.json({ providers: [] }));
});

afterEach(() => {
  void act(() => render(null, root));
  root.remove();
});

async function open(opening = true): Promise<void> {
  await act(() => render(<SignIn opening={opening} />, root));
}

async function click(words: string): Promise<void> {
  const button = [...root.querySelectorAll("button")].find((each) => each.textContent === words);
  await act(() => button?.click());
}

const title = (): string | null | undefined => root.querySelector("h1")?.textContent;
const focused = (): string | null | undefined => document.activeElement?.textContent;

describe("the first screen", () => {
  it("shows posters with words for those who do not see them, and sizes that keep their place", async () => {
    await open();
    const posters = [...root.querySelectorAll("img")];
    expect(posters).toHaveLength(5);
    for (const poster of posters) {
      expect(poster.alt).toMatch(/^An? .+: “.+”$/);
      expect(poster.height / poster.width).toBe(1.25);
    }
  });

  it("offers to sign in, and leaves the focus at the top of a page that has just opened", async () => {
    await open();
    expect(title()).toBe("Sign in");
    expect(document.activeElement).toBe(document.body);
  });

  it("leads to a new account by its button", async () => {
    await open();
    await click("Get started");
    expect([title(), focused()]).toEqual(["Create an account", "Create an account"]);
  });

  it("leads whoever has an account to the form", async () => {
    await open();
    await click("I have an account");
    expect([title(), focused()]).toEqual(["Sign in", "Sign in"]);
  });

  it("begins at the form for somebody who has just signed out", async () => {
    await open(false);
    expect(focused()).toBe("Sign in");
  });

  it("begins at the form for somebody who comes by the link in an invitation", async () => {
    history.replaceState(null, "", "/#/set-password");
    await open();
    await click("Sign in");
    expect(focused()).toBe("Sign in");
  });
});
