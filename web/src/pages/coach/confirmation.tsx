import type { JSX } from "preact";
import { useId } from "preact/hooks";

import type { Message } from "../../coach/api";
import { isOwn } from "../../coach/turns";
import { Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Icon } from "./icons";

interface Props {
  confirmation: NonNullable<Message["confirmation"]>;
  /** Whether it can be decided. */
  open: boolean;
  onDecide: (accepted: boolean) => Promise<void>;
}

/** What the coach wants to change, exactly; nothing happens before the person says yes. */
export function Confirmation({ confirmation, open, onDecide }: Props): JSX.Element {
  const id = useId();
  const decide = useAction(onDecide);
  const { status, summary, tool } = confirmation;
  if (status !== "waiting") {
    return (
      <p class="activity" dir="auto">
        {status === "accepted" ? <Icon name="check" /> : null}
        <span>{status === "accepted" ? `You said yes: ${summary}` : `You said no: ${summary}`}</span>
      </p>
    );
  }
  return (
    <div class="confirmation" role="alertdialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-what`}>
      <h2 id={`${id}-title`}>Shall I do this?</h2>
      <p id={`${id}-what`} dir="auto">
        {summary}
      </p>
      {isOwn(tool) ? null : <Given tool={tool} given={confirmation.arguments} />}
      <Problem text={decide.error} />
      {open ? (
        <div class="row">
          <button type="button" disabled={decide.busy} onClick={() => void decide.run(true)}>
            Yes, go ahead
          </button>
          <button type="button" class="quiet" disabled={decide.busy} onClick={() => void decide.run(false)}>
            No
          </button>
        </div>
      ) : (
        <small>You went on without deciding, so nothing was changed.</small>
      )}
    </div>
  );
}

/** Everything that a tool of somebody else's server would be given. */
function Given({ tool, given }: { tool: string; given: Record<string, unknown> }): JSX.Element {
  return (
    <dl class="given">
      <dt>Tool</dt>
      <dd dir="auto">{tool}</dd>
      {Object.entries(given).map(([name, value]) => (
        <>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </>
      ))}
    </dl>
  );
}
