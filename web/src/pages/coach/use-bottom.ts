import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR = 140;

/** Stay at the end of the page while it grows, unless the person has scrolled away from it. */
export function useBottom(content: unknown, wanted: boolean): { away: boolean; follow: () => void } {
  const near = useRef(true);
  const [away, setAway] = useState(false);
  useEffect(() => {
    const look = (): void => {
      const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
      near.current = scrollHeight - scrollTop - clientHeight < NEAR;
      setAway(!near.current);
    };
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page grows with the content
  useLayoutEffect(() => {
    if (near.current && wanted) toEnd();
  }, [content]);
  return {
    away,
    follow: () => {
      near.current = true;
      setAway(false);
      toEnd();
    },
  };
}

function toEnd(): void {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
}
