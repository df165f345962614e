import type { JSX } from "preact";

import { api, ask } from "../api/client";
import { t } from "../language/language";
import { useLoaded } from "./use";

interface FaceProps {
  title: string;
  words?: string;
  /** A picture is being made of it. */
  busy?: boolean;
}

/** Where a picture will be: the person as they will be in it, cut out of their photo. */
export function Face({ title, words, busy }: FaceProps): JSX.Element {
  const selfie = useLoaded(() => ask(api.GET("/v1/selfies/current")));
  return (
    <div class={busy ? "face looked-at" : "face"}>
      {selfie.data?.preview_url ? <img class="loaded" src={selfie.data.preview_url} alt={t.today.you} /> : null}
      <p>
        <b>{title}</b>
        {words}
      </p>
    </div>
  );
}
