import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

interface ExpiringImageProps {
  /** A presigned address, which holds for a while. */
  address: string;
  alt: string;
  draggable?: boolean;
  /** Asks for a new address: once, so that a picture that is gone is not asked for for ever. */
  onExpired: () => void;
}

/** One picture by an address that may have expired. Give it the picture's id as its key. */
export function ExpiringImage({ address, alt, draggable, onExpired }: ExpiringImageProps): JSX.Element {
  const [loaded, setLoaded] = useState(false);
  const asked = useRef(false);
  return (
    <img
      class={loaded ? "loaded" : ""}
      src={address}
      alt={alt}
      draggable={draggable}
      onLoad={() => setLoaded(true)}
      onError={() => {
        if (!asked.current) onExpired();
        asked.current = true;
      }}
    />
  );
}
