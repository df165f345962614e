import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../language/language";

interface TitleProps {
  children: ComponentChildren;
  /** Leaves the focus where it is: on a page that has only just opened, reading starts at the top. */
  opening?: boolean;
}

/** A page's title; gets the focus, so that a screen reader says where one is. */
export function Title({ children, opening = false }: TitleProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once, when the title appears
  useEffect(() => {
    if (!opening) heading.current?.focus();
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Move the focus, and with it the screen, to the page's title. */
export function toHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}

/** What went wrong, said aloud; nothing while all is well. */
export function Problem({ text, again }: { text: string; again?: () => void }): JSX.Element {
  return (
    <div role="alert" class={text ? "problem" : ""}>
      {text}
      {text && again ? (
        <button type="button" class="plain" onClick={again}>
          {t.app.tryAgain}
        </button>
      ) : null}
    </div>
  );
}

/** What is going on, said politely. */
export function Status({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <p role="status" class="status">
      {children}
    </p>
  );
}

/** What is being worked on, with a bar that moves; nothing while nothing is. */
export function Busy({ stage }: { stage: string }): JSX.Element {
  return (
    <div aria-live="polite">
      {stage ? (
        <p class="busy" role="status">
          {stage}
        </p>
      ) : null}
    </div>
  );
}

/** Where the six digits of an authenticator app go. */
export function MfaCode({ label, value, onInput }: Pick<FieldProps, "label" | "value" | "onInput">): JSX.Element {
  return (
    <Field
      label={label}
      autoComplete="one-time-code"
      inputMode="numeric"
      pattern="[0-9]{6}"
      maxLength={6}
      value={value}
      onInput={onInput}
    />
  );
}

/** Where the password goes once more. */
export function Password({ value, onInput }: Pick<FieldProps, "value" | "onInput">): JSX.Element {
  return (
    <Field
      label={t.signIn.yourPassword}
      type="password"
      autoComplete="current-password"
      maxLength={256}
      value={value}
      onInput={onInput}
    />
  );
}

/** Where a code from one of our mails goes. */
export function MailedCode({ label, value, onInput }: Pick<FieldProps, "label" | "value" | "onInput">): JSX.Element {
  return (
    <Field
      label={label}
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={16}
      value={value}
      onInput={onInput}
    />
  );
}

/** Where an email goes. */
export function EmailField(props: Pick<FieldProps, "label" | "autoComplete" | "value" | "onInput">): JSX.Element {
  return <Field type="email" inputMode="email" maxLength={254} {...props} />;
}

interface FieldProps {
  label: string;
  hint?: string;
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "email" | "password";
  autoComplete?: string;
  inputMode?: "numeric" | "email";
  pattern?: string;
  minLength?: number;
  maxLength?: number;
}

/** A labelled line of text. */
export function Field({ label, hint, value, onInput, ...rest }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        required
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        {...(rest as object)}
      />
      {hint ? <small id={`${id}-hint`}>{hint}</small> : null}
    </div>
  );
}

interface ChoiceProps<Name extends string> {
  legend: string;
  options: readonly { name: Name; title: string; description?: string; image?: string }[];
  value: Name;
  onChange: (name: Name) => void;
}

/** One of several, as cards. */
export function Choice<Name extends string>({ legend, options, value, onChange }: ChoiceProps<Name>): JSX.Element {
  const group = useId();
  const cards = useRef<HTMLDivElement>(null);
  // Where there are more cards than fit, the chosen one is among those that one sees.
  useEffect(() => {
    const box = cards.current;
    const chosen = box?.querySelector<HTMLElement>("label:has(:checked)");
    if (box && chosen) box.scrollLeft = chosen.offsetLeft - (box.clientWidth - chosen.offsetWidth) / 2;
  }, []);
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div ref={cards} class="cards">
        {options.map((each) => (
          <label key={each.name} class={each.image ? "card picture" : "card"}>
            <input type="radio" name={group} checked={each.name === value} onChange={() => onChange(each.name)} />
            {each.image ? <img src={each.image} alt="" loading="lazy" width="120" height="150" /> : null}
            <span>
              <b>{each.title}</b>
              {each.description ? <small>{each.description}</small> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** On or off. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}): JSX.Element {
  return (
    <label class="switch">
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says by itself whether it is checked
        role="switch"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        <b>{label}</b>
        {hint ? <small>{hint}</small> : null}
      </span>
    </label>
  );
}

/** A window over the page, closed by Escape. */
export function Dialog({
  title,
  wide = false,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "wide" : undefined} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
      <button type="button" class="plain close" onClick={onClose}>
        {t.app.close}
      </button>
    </dialog>
  );
}
