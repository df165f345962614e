import type { JSX } from "preact";

const PATHS = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  stop: "M7 7h10v10H7z",
  plus: "M12 5v14M5 12h14",
  list: "M4 6h16M4 12h16M4 18h10",
  pencil: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  up: "M7 11v9H4v-9zM7 11l4-7.5c1.6 0 2.5 1 2.2 2.6L12.700 10h5.800a2 2 0 0 1 2 2.400l-1.200 6a2 2 0 0 1-2 1.600H7",
  down: "M7 13V4H4v9zM7 13l4 7.500c1.600 0 2.500-1 2.200-2.600L12.700 14h5.800a2 2 0 0 0 2-2.400l-1.200-6a2 2 0 0 0-2-1.600H7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.500 10 17.500 19.500 7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
  page: "M6 3h8l4 4v14H6zM14 3v4h4",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  earlier: "M12 5v14M5.500 12.500 12 19l6.500-6.500",
} as const;

/** A small drawing beside or in place of words; says nothing by itself. */
export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
