import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { Portrait } from "../api/client";
import { sentence } from "../api/problem";
import { t } from "../language/language";
import { finished, isPending, newest, order, type Wish } from "./api";

export interface Pictures {
  /** Those that are ready, the newest first; undefined until they came. */
  ready: Portrait[] | undefined;
  /** The one that is being made. */
  pending: Portrait | null;
  problem: string;
  reload: () => void;
  /** Load earlier ones, where there are any. */
  more: () => void;
  /** Have one made; throws where the API refuses, and follows it where it does not. */
  make: (wish: Wish) => Promise<void>;
}

interface Loaded {
  portraits: Portrait[];
  cursor: string | null;
}

/** The person's pictures, and the one that is being made, as long as a page shows them. */
export function usePictures(onMade?: () => void): Pictures {
  const [loaded, setLoaded] = useState<Loaded>();
  const [pending, setPending] = useState<Portrait | null>(null);
  const [problem, setProblem] = useState("");
  const shown = useRef(true);
  const loading = useRef(false);
  const following = useRef(false);
  const told = useRef(onMade);
  told.current = onMade;

  const follow = useCallback(async (begun: Portrait): Promise<void> => {
    if (following.current) return;
    following.current = true;
    setPending(begun);
    try {
      const made = await finished(begun, (found) => {
        if (shown.current) setPending(found);
        return shown.current;
      });
      if (!shown.current) return;
      if (made.status === "ready") {
        setLoaded((before) => before && { ...before, portraits: [made, ...before.portraits] });
        told.current?.();
      } else setProblem(made.message ?? (isPending(made) ? t.trouble.slow : t.today.failed));
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      following.current = false;
      setPending(null);
    }
  }, []);

  const load = useCallback(
    async (cursor: string | null): Promise<void> => {
      if (loading.current) return;
      loading.current = true;
      setProblem("");
      try {
        const page = await newest(cursor);
        if (!shown.current) return;
        const ready = page.portraits.filter(({ status }) => status === "ready");
        setLoaded((before) => ({
          portraits: cursor && before ? [...before.portraits, ...ready] : ready,
          cursor: page.next_cursor,
        }));
        const begun = cursor ? undefined : page.portraits.find(isPending);
        if (begun) void follow(begun);
      } catch (error) {
        if (shown.current) setProblem(sentence(error));
      } finally {
        loading.current = false;
      }
    },
    [follow],
  );

  useEffect(() => {
    void load(null);
    return () => {
      shown.current = false;
    };
  }, [load]);

  return {
    ready: loaded?.portraits,
    pending,
    problem,
    reload: () => void load(null),
    more: () => {
      if (loaded?.cursor) void load(loaded.cursor);
    },
    make: async (wish) => {
      setProblem("");
      const begun = await order(wish);
      void follow(begun);
    },
  };
}
