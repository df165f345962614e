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
  today:
    "M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
  coach: "M20 12a7.500 7.500 0 0 1-11 6.600L4 20l1.400-4.600A7.500 7.500 0 1 1 20 12z",
  pictures: "M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM4 10h16M8 3v4M16 3v4",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  share: "M12 15V4M8 7.500 12 3.500l4 4M6 11H5v9h14v-9h-1",
  download: "M12 4v11M8 11.500l4 4 4-4M5 20h14",
  streak:
    "M12 3c.5 3.500 5.500 5 5.500 10.500a5.500 5.500 0 0 1-11 0c0-2 1-3.500 2-4.500.3 1.500 1 2.300 1.800 2.700C10 9 10.500 5.500 12 3z",
  left: "M14.500 5.500 8 12l6.500 6.500",
  right: "M9.500 5.500 16 12l-6.500 6.500",
  camera: "M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 16.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600z",
  photo:
    "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 16l5-5 7 7M14 14l2.500-2.500L20 15M15 8.500h.01",
  earlier: "M12 5v14M5.500 12.500 12 19l6.500-6.500",
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing beside or in place of words; says nothing by itself. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
