import { describe, expect, it } from "vitest";
import type { Message, ToolCall } from "../src/coach/api";
import { blocks, spoken } from "../src/coach/prose";
import { activity, address, place, turns } from "../src/coach/turns";

const cited = new Set([1, 2]);

describe("an answer's text", () => {
  it("has paragraphs, and keeps the lines in them", () => {
    expect(blocks("One\ntwo\n\n \nThree", cited)).toEqual([
      { kind: "paragraph", lines: [[{ kind: "text", text: "One\ntwo" }]] },
      { kind: "paragraph", lines: [[{ kind: "text", text: "Three" }]] },
    ]);
  });

  it("has a mark for each citation, on the line of what it proves, and other numbers in brackets stay text", () => {
    expect(blocks("Slowly [1], not [3].", cited)[0]?.lines[0]).toEqual([
      { kind: "text", text: "Slowly\u00a0" },
      { kind: "mark", number: 1 },
      { kind: "text", text: ", not [3]." },
    ]);
  });

  it("has lists and words that matter", () => {
    const [intro, bullets, numbers] = blocks("Do this:\n- **rest**\n- sleep\n\n3. run\n4. walk", cited);
    expect(intro?.kind).toBe("paragraph");
    expect(bullets).toEqual({
      kind: "bullets",
      lines: [[{ kind: "strong", text: "rest" }], [{ kind: "text", text: "sleep" }]],
    });
    expect([numbers?.kind, numbers?.start, numbers?.lines.length]).toEqual(["numbers", 3, 2]);
  });

  it.each(["<img src=x onerror=alert(1)>", "[link](javascript:alert(1))", "`code`", "**open", "💪🏽 שלום"])(
    "shows %s as it is",
    (text) => {
      expect(blocks(text, cited)).toEqual([{ kind: "paragraph", lines: [[{ kind: "text", text }]] }]);
    },
  );

  it("is read without its marks", () => {
    expect(spoken("Run **slowly** [1]. Rest [2][1].")).toBe("Run slowly. Rest.");
  });
});

describe("a source", () => {
  it.each([
    ["https://x.example/a.pdf", 3, "https://x.example/a.pdf#page=3"],
    ["https://x.example/a.html", null, "https://x.example/a.html"],
    ["https://x.example/a.html#rest", 2, "https://x.example/a.html#rest"],
    ["javascript:alert(1)", 1, null],
    ["https://", 1, null],
    ["/etc/passwd", 1, null],
    [null, 1, null],
  ])("at %s, page %s, opens %s", (url, page, expected) => {
    expect(address({ url, page })).toBe(expected);
  });

  it("says where in the document it stands", () => {
    expect(place({ page: 3, last_page: 4, heading: "Rest" })).toBe("Pages 3–4 · Rest");
    expect(place({ page: 3, last_page: 3, heading: "" })).toBe("Page 3");
    expect(place({ page: null, last_page: null, heading: "Rest" })).toBe("Rest");
  });
});

describe("turns", () => {
  const said = (message_id: string, role: Message["role"], tool: ToolCall | null = null): Message =>
    ({ message_id, role, tool, text: "" }) as unknown as Message;
  const search: ToolCall = { name: "search_library", arguments: { query: "pace" }, status: "done" };

  it("give each answer the tools that it used", () => {
    const found = turns([said("q", "user"), said("a", "assistant"), said("t", "tool", search)], {});
    expect(found.map(({ message, tools }) => [message.message_id, tools])).toEqual([
      ["q", []],
      ["a", [search]],
    ]);
  });

  it("do not show a tool twice that was heard of while the answer was written", () => {
    const found = turns([said("a", "assistant"), said("t", "tool", search)], { a: [search] });
    expect(found.map(({ tools }) => tools.length)).toEqual([1]);
  });

  it("say what a tool did, in words", () => {
    expect(activity(search)).toBe("Searched the library for “pace”");
    expect(activity({ ...search, name: "weather", status: "started" })).toBe("Using weather…");
    expect(activity({ ...search, name: "change_settings", status: "failed" })).toBe(
      "Changed your settings: that did not work",
    );
  });
});
