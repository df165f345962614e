import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { sentence } from "../../api/problem";
import type { Conversation } from "../../coach/api";
import { spoken } from "../../coach/prose";
import { turns } from "../../coach/turns";
import { useConversation } from "../../coach/use-conversation";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Problem, Title } from "../../parts/parts";
import { Lines } from "../../parts/skeleton";
import { useAction } from "../../parts/use";
import { Answer, Thinking } from "./answer";
import { Composer } from "./composer";
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
      setProblem(sentence(error));
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
        <button type="button" class="tool narrow-only" aria-label={t.coach.conversations} onClick={onList}>
          <Icon name="list" />
        </button>
        <div class={empty ? "hidden" : "title"} dir="auto">
          <Title>{empty ? t.coach.title : conversation?.title || t.coach.conversation}</Title>
        </div>
        {id ? (
          <>
            <button type="button" class="tool narrow-only" aria-label={t.coach.new} onClick={onNew}>
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
        {messages || shown.problem ? null : <Lines />}
        {empty ? (
          <Welcome namespace={namespace} onNamespace={setNamespace} onAsk={(question) => void ask(question)} />
        ) : null}
        {shown.cursor ? (
          <button type="button" class="plain" disabled={earlier.busy} onClick={() => void earlier.run()}>
            {earlier.busy ? t.app.oneMoment : t.coach.earlier}
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
          <button type="button" class="newest" aria-label={t.coach.newest} onClick={bottom.follow}>
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
        <small class="note">{t.coach.note}</small>
      </div>
    </div>
  );
}

function Question({ text }: { text: string }): JSX.Element {
  return (
    <article class="question" aria-label={t.coach.question}>
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
    if (newest?.status === "streaming") setWords(t.answer.writing);
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
  if (status === "stopped") return t.answer.wasStopped;
  if (status === "failed") return message ?? t.answer.notFinished;
  const question = confirmation?.status === "waiting" ? ` ${t.answer.shallI} ${confirmation.summary}` : "";
  return t.answer.says(`${spoken(text)}${question}`);
}
