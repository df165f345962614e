import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import "./coach.css";
import { type Conversation, conversations, type Page, remove, rename } from "../../coach/api";
import { useLoaded } from "../../parts/use";
import { ConversationList } from "./list";
import { Talk } from "./talk";

const AT = "#/coach";

/** The conversation that the address names; null for a new one. */
function named(): string | null {
  return /^#\/coach\/([a-z0-9]{1,64})$/.exec(location.hash)?.[1] ?? null;
}

/** Conversations with the coach: the list of them, and one that is open. */
export function Coach(): JSX.Element {
  // `turn` tells one visit from the next; the first question gives a new conversation its id without another turn.
  const [open, setOpen] = useState({ id: named(), turn: 0 });
  const [listOpen, setListOpen] = useState(false);
  const current = useRef(open.id);
  const list = useLoaded<Page<Conversation>>(() => conversations(null));
  const go = useCallback((id: string | null): void => {
    current.current = id;
    setListOpen(false);
    setOpen(({ turn }) => ({ id, turn: turn + 1 }));
  }, []);
  useEffect(() => {
    const look = (): void => {
      if (location.hash.startsWith(AT) && named() !== current.current) go(named());
    };
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [go]);
  const begin = (): void => {
    history.pushState(null, "", AT);
    go(null);
  };
  const started = ({ conversation_id }: Conversation): void => {
    current.current = conversation_id;
    history.replaceState(null, "", `${AT}/${conversation_id}`);
    setOpen(({ turn }) => ({ id: conversation_id, turn }));
  };
  const found = list.data?.items ?? [];
  const change = (items: Conversation[]): void => list.data && list.set({ ...list.data, items });
  return (
    <main class="coach">
      <ConversationList
        shown={listOpen}
        conversations={list.data?.items}
        problem={list.error}
        current={open.id}
        onReload={list.reload}
        onMore={
          list.data?.cursor
            ? async () => {
                const more = await conversations(list.data?.cursor ?? null);
                list.set({ items: [...found, ...more.items], cursor: more.cursor });
              }
            : undefined
        }
        onNew={begin}
        onClose={() => setListOpen(false)}
      />
      <Talk
        key={open.turn}
        id={open.id}
        conversation={found.find(({ conversation_id }) => conversation_id === open.id)}
        onStarted={started}
        onAsked={list.reload}
        onNew={begin}
        onList={() => setListOpen(true)}
        onRename={async (id, title) => {
          const renamed = await rename(id, title);
          change(found.map((each) => (each.conversation_id === id ? renamed : each)));
        }}
        onRemove={async (id) => {
          await remove(id);
          change(found.filter((each) => each.conversation_id !== id));
          history.replaceState(null, "", AT);
          go(null);
        }}
      />
    </main>
  );
}
