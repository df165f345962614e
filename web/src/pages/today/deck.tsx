import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Portrait } from "../../api/client";
import { t } from "../../language/language";
import { ExpiringImage } from "../../parts/expiring-image";
import { Icon } from "../../parts/icons";
import { useSwipe } from "./use-swipe";

export interface Slide {
  key: string;
  format: Portrait["format"];
  portrait?: Portrait;
  /** What is shown in a picture's place. */
  instead?: ComponentChildren;
}

interface DeckProps {
  /** The newest first. */
  slides: readonly Slide[];
  at: number;
  onMove: (to: number) => void;
  /** A picture's address holds no more. */
  onExpired: () => void;
}

/** One picture at a time, as large as there is room for; the older ones lie to the left. */
export function Deck({ slides, at, onMove, onExpired }: DeckProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [older, newer] = [at + 1 < slides.length, at > 0];
  useSwipe(box, { older, newer, onTurn: (by) => onMove(at + by) });
  const first = Math.max(0, at - 1);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a carousel is a group of its own kind
    <div ref={box} class="deck" role="group" aria-roledescription={t.today.carousel} aria-label={t.today.deck}>
      {slides.slice(first, at + 2).map((slide, index) => (
        <figure
          key={slide.key}
          class="slide"
          aria-hidden={first + index === at ? undefined : "true"}
          style={{ "--at": at - first - index }}
        >
          <div class={`frame ${slide.format}`}>
            {slide.portrait ? (
              <ExpiringImage
                key={slide.portrait.portrait_id}
                address={slide.portrait.image_url ?? ""}
                alt={slide.portrait.alt_text ?? ""}
                draggable={false}
                onExpired={onExpired}
              />
            ) : (
              slide.instead
            )}
          </div>
        </figure>
      ))}
      {slides.length > 1 ? (
        <>
          <Turn name="left" label={t.today.older} enabled={older} onClick={() => onMove(at + 1)} />
          <Turn name="right" label={t.today.newer} enabled={newer} onClick={() => onMove(at - 1)} />
        </>
      ) : null}
    </div>
  );
}

interface TurnProps {
  name: "left" | "right";
  label: string;
  enabled: boolean;
  onClick: () => void;
}

function Turn({ name, label, enabled, onClick }: TurnProps): JSX.Element {
  return (
    // Not disabled, so that the focus stays where it is at the last picture.
    <button
      type="button"
      class={`turn ${name}`}
      aria-label={label}
      aria-disabled={!enabled}
      onClick={() => enabled && onClick()}
    >
      <Icon name={name} />
    </button>
  );
}
