/** What is sensitive takes a sign-in of the last minutes: the API says so, and the person signs in again in a dialog. */

type Listener = (asking: boolean) => void;

const listeners = new Set<Listener>();
let waiting: ((signedIn: boolean) => void)[] = [];

/** Ask the person to sign in again; false when they would not. Requests that fail together ask once. */
export function signInAgain(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    for (const listener of listeners) listener(true);
  });
}

/** The dialog is over. */
export function answered(signedIn: boolean): void {
  const told = waiting;
  waiting = [];
  for (const listener of listeners) listener(false);
  for (const resolve of told) resolve(signedIn);
}

/** Hear when the dialog must be there, and when not any more. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
