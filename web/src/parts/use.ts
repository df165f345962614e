import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { sentence } from "../api/problem";

/** Run something once at a time: a second click while it runs does nothing. */
export function useAction<Arguments extends unknown[]>(
  work: (...given: Arguments) => Promise<void>,
): { run: (...given: Arguments) => Promise<void>; busy: boolean; error: string; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const running = useRef(false);
  const run = async (...given: Arguments): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError("");
    try {
      await work(...given);
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, error, clear: () => setError("") };
}

/** Load something when the page opens, and again on `reload`. */
export function useLoaded<Data>(
  load: () => Promise<Data>,
  key = "",
): {
  data: Data | undefined;
  error: string;
  reload: () => void;
  set: (data: Data) => void;
} {
  const [data, setData] = useState<Data>();
  const [error, setError] = useState("");
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is another function at each rendering; `key` says what it loads
  useEffect(() => {
    let wanted = true;
    setError("");
    load().then(
      (found) => wanted && setData(found),
      (problem) => wanted && setError(sentence(problem)),
    );
    return () => {
      wanted = false;
    };
  }, [turn, key]);
  return { data, error, reload: useCallback(() => setTurn((before) => before + 1), []), set: setData };
}
