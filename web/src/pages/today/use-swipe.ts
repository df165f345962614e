import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const TURNS = 60;
const SLACK = 8;
/** How much of a finger's way a picture follows where there is no other one to come to. */
const STIFF = 0.25;

interface Ways {
  older: boolean;
  newer: boolean;
  /** One older (1) or newer (-1). */
  onTurn: (by: 1 | -1) => void;
}

/** Turn pictures over by a finger, a mouse or the arrow keys; while it moves, `--drag` says how far. */
export function useSwipe(box: RefObject<HTMLElement | null>, ways: Ways): void {
  const now = useRef(ways);
  now.current = ways;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let start: { x: number; y: number; moving: boolean } | null = null;
    const allowed = (distance: number): boolean => (distance > 0 ? now.current.older : now.current.newer);
    const drag = (distance: number): void => element.style.setProperty("--drag", `${distance}px`);
    const begin = (event: PointerEvent): void => {
      const onButton = event.target instanceof Element && event.target.closest("button");
      if (event.isPrimary && event.button === 0 && !onButton)
        start = { x: event.clientX, y: event.clientY, moving: false };
    };
    const move = (event: PointerEvent): void => {
      if (!start) return;
      const across = event.clientX - start.x;
      if (!start.moving && Math.abs(across) < Math.max(SLACK, Math.abs(event.clientY - start.y))) return;
      if (!start.moving) {
        start.moving = true;
        element.setPointerCapture(event.pointerId);
        element.classList.add("dragging");
      }
      drag(allowed(across) ? across : across * STIFF);
    };
    const end = (event: PointerEvent): void => {
      const across = start?.moving ? event.clientX - start.x : 0;
      start = null;
      element.classList.remove("dragging");
      drag(0);
      if (Math.abs(across) > TURNS && event.type === "pointerup" && allowed(across))
        now.current.onTurn(across > 0 ? 1 : -1);
    };
    element.addEventListener("pointerdown", begin);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    return () => {
      element.removeEventListener("pointerdown", begin);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", end);
      element.removeEventListener("pointercancel", end);
    };
  }, [box]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const by = event.key === "ArrowLeft" ? 1 : event.key === "ArrowRight" ? -1 : 0;
      if (!by || event.altKey || event.ctrlKey || event.metaKey || isElsewhere(event.target, box.current)) return;
      if (by > 0 ? now.current.older : now.current.newer) now.current.onTurn(by);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [box]);
}

/** Whether a key belongs to a field, or to a dialog that the pictures are not in. */
function isElsewhere(target: EventTarget | null, box: HTMLElement | null): boolean {
  if (target instanceof Element && target.closest("input, select, textarea")) return true;
  const dialog = document.querySelector("dialog[open]");
  return dialog !== null && !dialog.contains(box);
}
