import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Conversation } from "../../coach/api";
import { Problem, Status } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Icon } from "./icons";

interface Props {
  /** On a small screen the list is a sheet over the page, which is open or not. */
  shown: boolean;
  conversations: Conversation[] | undefined;
  problem: string;
  current: string | null;
  onReload: () => void;
  onMore: (() => Promise<void>) | undefined;
  onNew: () => void;
  onClose: () => void;
}

/** The conversations so far, the newest first: beside the open one, or in a sheet where there is no room. */
export function ConversationList(props: Props): JSX.Element {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (props.shown) sheet.current?.showModal();
    else sheet.current?.close();
  }, [props.shown]);
  return (
    <>
      <aside class="conversations" aria-label="Conversations">
        <Conversations {...props} />
      </aside>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the sheet closes it, and so does Escape */}
      <dialog
        ref={sheet}
        class="sheet"
        aria-label="Conversations"
        onClose={props.onClose}
        onClick={(event) => event.target === sheet.current && props.onClose()}
      >
        {props.shown ? (
          <>
            <Conversations {...props} />
            <button type="button" class="plain" onClick={props.onClose}>
              Close
            </button>
          </>
        ) : null}
      </dialog>
    </>
  );
}

function Conversations(props: Props): JSX.Element {
  const { conversations, current } = props;
  const more = useAction(async () => props.onMore?.());
  return (
    <>
      <button type="button" class="quiet new" onClick={props.onNew}>
        <Icon name="plus" /> New conversation
      </button>
      <Problem text={props.problem} again={props.onReload} />
      {conversations || props.problem ? null : <Status>Loading…</Status>}
      {conversations?.length === 0 ? <p class="lead">Your conversations will be listed here.</p> : null}
      <ul>
        {conversations?.map(({ conversation_id, title, updated_at }) => (
          <li key={conversation_id}>
            <a
              href={`#/coach/${conversation_id}`}
              aria-current={conversation_id === current ? "true" : undefined}
              onClick={props.onClose}
            >
              <span dir="auto">{title || "New conversation"}</span>
              <small>{day(new Date(updated_at))}</small>
            </a>
          </li>
        ))}
      </ul>
      <Problem text={more.error} />
      {props.onMore ? (
        <button type="button" class="plain" disabled={more.busy} onClick={() => void more.run()}>
          {more.busy ? "One moment…" : "Show older"}
        </button>
      ) : null}
    </>
  );
}

/** When that was, as a person would say it. */
function day(date: Date): string {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - date.getTime()) / 86_400_000);
  if (days <= 0) return date.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
  if (days === 1) return "Yesterday";
  if (days < 7) return date.toLocaleDateString(undefined, { weekday: "long" });
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}
