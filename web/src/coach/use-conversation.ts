import { useEffect, useState } from "preact/hooks";
import type { Conversation } from "./api";
import { OpenConversation, type Shown } from "./conversation";

/** A conversation that is open as long as the component is; `id` is null for one that has no question yet. */
export function useConversation(
  id: string | null,
  onStarted: (conversation: Conversation) => void,
  onAsked: () => void,
): [OpenConversation, Shown] {
  const [conversation] = useState(() => new OpenConversation(id, { onStarted, onAsked }));
  const [shown, setShown] = useState(conversation.shown);
  useEffect(() => {
    const end = conversation.subscribe(() => setShown(conversation.shown));
    setShown(conversation.shown);
    const hurry = (): void => {
      if (document.visibilityState === "visible") conversation.hurry();
    };
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      end();
      conversation.close();
    };
  }, [conversation]);
  return [conversation, shown];
}
