import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { ApiProblem, sentence } from "../../api/problem";
import type { Conversation } from "../../coach/api";
import { spoken } from "../../coach/prose";
import { turns } from "../../coach/turns";
import { useConversation } from "../../coach/use-conversation";
import { Problem, Status, Title } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Answer, Thinking } from "./answer";
import { Composer } from "./composer";
import { Icon } from "./icons";
import { Manage } from "./manage";
import { useBottom } from "./use-bottom";
import { Welcome } from "./welcome";

interface Props {
  id: string | null;
  conversation: Conversation | undefined;
  onStarted: (conversation: Conversation) => void;
  onAsked: () => void;
  onNew: () => void;
  onList: () => void;
  onRename: (id: string, title: string) => Promise<void>;
  onRemove: (id: string) => Promise<void>;
}

/** The open conversation, and where the next question is written. */
export function Talk({ id, conversation, onStarted, onAsked, onNew, onList, onRename, onRemove }: Props): JSX.Element {
  const [open, shown] = useConversation(id, onStarted, onAsked);
  const [draft, setDraft] = useState("");
  const [namespace, setNamespace] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const { messages, sending } = shown;
  const found = useMemo(() => turns(messages ?? [], shown.tools), [messages, shown.tools]);
  const { writing } = open;
  const empty = messages?.length === 0 && sending === null;
  const bottom = useBottom(shown, !empty);

  const ask = async (text: string): Promise<void> => {
    const question = text.trim();
    setDraft("");
    setProblem("");
    field.current?.focus();
    bottom.follow();
    try {
      await open.ask(question, namespace);
    } catch (error) {
      setProblem(why(error));
      setDraft((newer) => newer || question);
      field.current?.focus();
    }
  };
  const stop = useAction(async () => {
    if (writing) await open.stop(writing);
    field.current?.focus();
  });
  const earlier = useAction(() => open.loadEarlier());

  return (
    <div class="talk">
      <div class="bar">
        <button type="button" class="tool narrow-only" aria-label="Conversations" onClick={onList}>
          <Icon name="list" />
        </button>
        <div class={empty ? "hidden" : "title"} dir="auto">
          <Title>{empty ? "Coach" : conversation?.title || "Conversation"}</Title>
        </div>
        {id ? (
          <>
            <button type="button" class="tool narrow-only" aria-label="New conversation" onClick={onNew}>
              <Icon name="plus" />
            </button>
            <Manage
              title={conversation?.title ?? ""}
              onRename={(title) => onRename(id, title)}
              onRemove={() => onRemove(id)}
            />
          </>
        ) : null}
      </div>
      <div class="thread">
        <Problem text={shown.problem ? sentence(shown.problem) : ""} again={() => void open.load()} />
        {messages || shown.problem ? null : <Status>Loading…</Status>}
        {empty ? (
          <Welcome namespace={namespace} onNamespace={setNamespace} onAsk={(question) => void ask(question)} />
        ) : null}
        {shown.cursor ? (
          <button type="button" class="plain" disabled={earlier.busy} onClick={() => void earlier.run()}>
            {earlier.busy ? "One moment…" : "Show earlier messages"}
          </button>
        ) : null}
        <Problem text={earlier.error} />
        {found.map(({ message, tools }, index) =>
          message.role === "user" ? (
            <Question key={message.message_id} text={message.text} />
          ) : (
            <Answer
              key={message.message_id}
              message={message}
              tools={tools}
              last={index === found.length - 1 && sending === null}
              onRetry={() => open.retry(message)}
              onDecide={(accepted) => open.decide(message, accepted)}
              onRate={(rating, reason) => open.rate(message, rating, reason)}
            />
          ),
        )}
        {sending === null ? null : (
          <>
            <Question text={sending} />
            <div class="answer">
              <Thinking />
            </div>
          </>
        )}
      </div>
      <Said shown={shown} />
      <div class="foot">
        {bottom.away ? (
          <button type="button" class="newest" aria-label="Go to the newest message" onClick={bottom.follow}>
            <Icon name="earlier" />
          </button>
        ) : null}
        <Problem text={problem || stop.error} />
        <Composer
          field={field}
          value={draft}
          onInput={(text) => {
            if (!draft) open.prepare();
            setDraft(text);
          }}
          onSend={() => void ask(draft)}
          onStop={writing ? () => void stop.run() : undefined}
          stopping={shown.stopping !== null}
          sending={sending !== null}
        />
        <small class="note">The coach answers from your library and can be wrong. It does not replace a doctor.</small>
      </div>
    </div>
  );
}

function Question({ text }: { text: string }): JSX.Element {
  return (
    <article class="question" aria-label="Your question">
      <p dir="auto">{text}</p>
    </article>
  );
}

/** Says an answer aloud once, when it is finished, and not word by word. */
function Said({ shown }: { shown: ReturnType<typeof useConversation>[1] }): JSX.Element {
  const [words, setWords] = useState("");
  const newest = shown.messages?.findLast(({ role }) => role === "assistant");
  const before = useRef(newest?.status);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said where an answer begins and ends, not at each word
  useEffect(() => {
    if (newest?.status === "streaming") setWords("The coach is writing.");
    else if (newest && before.current === "streaming") setWords(said(newest));
    before.current = newest?.status;
  }, [newest?.message_id, newest?.status]);
  return (
    <div class="hidden" role="status">
      {words}
    </div>
  );
}

function said({
  status,
  text,
  message,
  confirmation,
}: NonNullable<ReturnType<typeof useConversation>[0]["writing"]>): string {
  if (status === "stopped") return "Stopped.";
  if (status === "failed") return message ?? "The answer could not be finished.";
  const question = confirmation?.status === "waiting" ? ` Shall I do this? ${confirmation.summary}` : "";
  return `The coach says: ${spoken(text)}${question}`;
}

/** What keeps a question from being asked, and when it can be asked again. */
function why(error: unknown): string {
  if (!(error instanceof ApiProblem) || error.status !== 429 || !error.retryAfter) return sentence(error);
  const then = new Date(Date.now() + error.retryAfter * 1000);
  const sameDay = then.toDateString() === new Date().toDateString();
  const time = then.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
  return `${sentence(error)} You can go on ${sameDay ? "" : "tomorrow "}at ${time}.`;
}
