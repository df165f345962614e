import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Portrait, type Profile, type Schemas } from "../api/client";
import { ApiProblem } from "../api/problem";
import { Busy, Problem, Status, Title } from "../parts/parts";
import { until, useAction, useLoaded } from "../parts/use";
import { Looks } from "./looks";
import { Picture } from "./picture";

const PATIENCE = 600_000;
const STAGES: Record<Portrait["status"], string> = {
  queued: "Waiting to start…",
  making: "Making your picture…",
  ready: "Done.",
  failed: "",
};

async function todays(): Promise<Portrait | null> {
  try {
    return await ask(api.GET("/v1/portraits/today"));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

/** Today's picture, when the next one comes, and one made now. */
export function Today({ me, choices }: { me: Profile; choices: Schemas["Choices"] }): JSX.Element {
  const today = useLoaded(todays);
  const [look, setLook] = useState({ mode: me.mode, tone: me.tone });
  const [stage, setStage] = useState("");
  const make = useAction(async () => {
    setStage(STAGES.queued);
    try {
      const asked = await ask(
        api.POST("/v1/portraits", { body: look, headers: { "Idempotency-Key": crypto.randomUUID() } }),
      );
      const path = { portrait_id: asked.portrait_id };
      const check = async (): Promise<Portrait> => {
        const found = await ask(api.GET("/v1/portraits/{portrait_id}", { params: { path } }));
        setStage(STAGES[found.status]);
        return found;
      };
      const made = await until(check, (found) => found.status === "ready" || found.status === "failed", PATIENCE);
      if (made.status === "failed") throw new ApiProblem(500, made.message ?? "We could not make the picture.");
      today.set(made);
      scrollTo({ top: 0, behavior: "smooth" });
    } finally {
      setStage("");
    }
  });
  const next = me.next_delivery_at && new Date(me.next_delivery_at);

  return (
    <main>
      <Title>Today's picture</Title>
      <Problem text={today.error} again={today.reload} />
      {today.data ? <Picture portrait={today.data} /> : null}
      {today.data === null ? <p class="lead">No picture for today yet.</p> : null}
      {today.data === undefined && !today.error ? <Status>Loading…</Status> : null}
      {next ? (
        <p>
          Your next picture arrives on {next.toLocaleDateString(undefined, { weekday: "long" })} at{" "}
          {next.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" })}.
        </p>
      ) : null}
      <section class="make" aria-labelledby="make">
        <h2 id="make">Make a picture now</h2>
        <Looks choices={choices} look={look} onChange={(change) => setLook({ ...look, ...change })} />
        <Busy stage={stage} />
        <Problem text={make.error} />
        <button type="button" disabled={make.busy} onClick={() => void make.run()}>
          {make.busy ? "One moment…" : "Make a picture"}
        </button>
      </section>
    </main>
  );
}
