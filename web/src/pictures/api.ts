/** What the API is asked about pictures. */

import { api, ask, type Portrait, type Profile, type Schemas } from "../api/client";
import { PREFER_WAIT, untilDone } from "../api/pending";

export type Look = Pick<Profile, "mode" | "tone">;

/** How one picture is to look; without a layout it has one whose turn it is. */
export type Wish = Look & Pick<Schemas["PortraitRequest"], "layout">;

const PAGE = 30;
const PATIENCE = 600_000;
const WEEK_PATIENCE = 90_000;

/** A page of pictures, the newest first. */
export function newest(cursor: string | null): Promise<Schemas["PortraitPage"]> {
  const query = { limit: PAGE, ...(cursor ? { cursor } : {}) };
  return ask(api.GET("/v1/portraits", { params: { query } }));
}

/** All pictures from one day to another, both included. */
export async function between(from: string, to: string): Promise<Portrait[]> {
  const found: Portrait[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { from, to, limit: 100, ...(cursor ? { cursor } : {}) };
    const page = await ask(api.GET("/v1/portraits", { params: { query } }));
    found.push(...page.portraits);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** Have a picture made. */
export function order(wish: Wish): Promise<Portrait> {
  return ask(api.POST("/v1/portraits", { body: wish, headers: { "Idempotency-Key": crypto.randomUUID() } }));
}

/** The picture once it is made or has failed, or what it is when patience is over; `onLook` hears of each look at it. */
export function finished({ portrait_id }: Portrait, onLook: (portrait: Portrait) => boolean): Promise<Portrait> {
  const params = { path: { portrait_id } };
  return untilDone(
    () => api.GET("/v1/portraits/{portrait_id}", { params, headers: PREFER_WAIT }),
    (found) => !onLook(found) || !isPending(found),
    PATIENCE,
  );
}

/** A week (`2026-W48`) once its sheet and film are made, or as it is when patience is over; `onLook` as above. */
export function weekTogether(week: string, onLook: (found: Schemas["Week"]) => boolean): Promise<Schemas["Week"]> {
  const params = { query: { week, sheet: true } };
  return untilDone(
    () => api.GET("/v1/portraits/week", { params }),
    (found) => !onLook(found) || found.sheet_status !== "making",
    WEEK_PATIENCE,
  );
}

export async function remove({ portrait_id }: Portrait): Promise<void> {
  await ask(api.DELETE("/v1/portraits/{portrait_id}", { params: { path: { portrait_id } } }));
}

export function isPending({ status }: Portrait): boolean {
  return status === "queued" || status === "making";
}
