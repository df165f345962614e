import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "../src/api/problem";
import { useAction, useLoaded } from "../src/parts/use";

const root = document.createElement("div");

/** Gives what the hook gave to whoever rendered it. */
function Using({ hook }: { hook: () => void }): null {
  hook();
  return null;
}

/** Use a hook in a component; a function that says what it gave last. */
function using<Result>(hook: () => Result): () => Result {
  let last: Result | undefined;
  void act(() =>
    render(
      <Using
        hook={() => {
          last = hook();
        }}
      />,
      root,
    ),
  );
  return () => last as Result;
}

/** Wait until what was asked for is there and shown. */
async function settled(work: () => unknown = () => undefined): Promise<void> {
  await act(async () => void (await work()));
  await act(() => Promise.resolve());
}

afterEach(() => {
  void act(() => render(null, root));
  vi.useRealTimers();
});

function held(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe("an action", () => {
  it("runs once, however often it is clicked while it runs", async () => {
    const work = held();
    const started = vi.fn(() => work.promise);
    const action = using(() => useAction(started));
    await act(() => {
      void action().run();
      void action().run();
    });
    expect([started.mock.calls.length, action().busy]).toEqual([1, true]);
    await act(async () => work.resolve());
    expect(action().busy).toBe(false);
    await act(() => action().run());
    expect(started).toHaveBeenCalledTimes(2);
  });

  it("that fails says why until it runs again", async () => {
    let fails = true;
    const action = using(() =>
      useAction(async () => {
        if (fails) throw new ApiProblem(409, "Not now.");
      }),
    );
    await act(() => action().run());
    expect([action().error, action().busy]).toEqual(["Not now.", false]);
    fails = false;
    await act(() => action().run());
    expect(action().error).toBe("");
  });

  it("forgets its error on request", async () => {
    const action = using(() => useAction(() => Promise.reject(new ApiProblem(409, "Not now."))));
    await act(() => action().run());
    await act(() => action().clear());
    expect(action().error).toBe("");
  });
});

describe("what a page loads", () => {
  it("is there once it came, and is loaded again on request", async () => {
    let count = 0;
    const loaded = using(() => useLoaded(() => Promise.resolve(++count)));
    await settled();
    expect(loaded().data).toBe(1);
    await settled(() => loaded().reload());
    expect(loaded().data).toBe(2);
  });

  it("is loaded again when its key changes, and an answer for the key before is dropped", async () => {
    const slow = held();
    let key = "november";
    const load = (): Promise<string> =>
      key === "november" ? slow.promise.then(() => "november") : Promise.resolve(key);
    using(() => useLoaded(load, key));
    key = "december";
    const again = using(() => useLoaded(load, key));
    await settled(() => slow.resolve());
    expect(again().data).toBe("december");
  });

  it("says why it did not come, until it comes", async () => {
    let fails = true;
    const loaded = using(() =>
      useLoaded(() => (fails ? Promise.reject(new ApiProblem(503, "Try later.")) : Promise.resolve("here"))),
    );
    await settled();
    expect(loaded().error).toBe("Try later.");
    fails = false;
    await settled(() => loaded().reload());
    expect([loaded().error, loaded().data]).toEqual(["", "here"]);
  });
});
