/** Who is signed in. The access token stays in memory; what renews it is kept, so that a reload does not sign out. */

const KEY = "motiv8.session";

export interface SignInProvider {
  title: string;
  url: string;
}

interface Kept {
  refresh: string;
  email: string;
  /** By whom the person signed in, where that was not with a password. */
  provider?: SignInProvider;
}

type Listener = () => void;

const listeners = new Set<Listener>();
let kept: Kept | null = read();
let access: string | null = null;

function read(): Kept | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (found && typeof found === "object" && "refresh" in found && "email" in found) return found as Kept;
  } catch {
    // Not ours, or no storage: nobody is signed in.
  }
  return null;
}

function keep(next: Kept): void {
  kept = next;
  localStorage.setItem(KEY, JSON.stringify(next));
}

function tell(): void {
  for (const listener of listeners) listener();
}

export const session = {
  get email(): string {
    return kept?.email ?? "";
  },
  get active(): boolean {
    return kept !== null;
  },
  get provider(): SignInProvider | undefined {
    return kept?.provider;
  },
  get access(): string | null {
    return access;
  },
  get refresh(): string | null {
    return kept?.refresh ?? null;
  },
  /** What renews the session, as the last tab that renewed it left it. */
  newestRefresh(): string | null {
    kept = read();
    return kept?.refresh ?? null;
  },
  begin(email: string, tokens: { access_token: string; refresh_token: string }, provider?: SignInProvider): void {
    access = tokens.access_token;
    keep({ email, refresh: tokens.refresh_token, provider });
    tell();
  },
  rename(email: string): void {
    if (kept) keep({ ...kept, email });
  },
  /** Go on with what a refresh token gave, unless somebody signed in or out while that was asked for. */
  renew(before: string, tokens: { access_token: string; refresh_token: string }): void {
    if (kept?.refresh !== before) return;
    access = tokens.access_token;
    keep({ ...kept, refresh: tokens.refresh_token });
  },
  end(): void {
    access = null;
    kept = null;
    localStorage.removeItem(KEY);
    tell();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// Another tab signed in or out, or renewed the session, which leaves this tab's access token as good as it was.
window.addEventListener("storage", (event) => {
  if (event.key !== KEY && event.key !== null) return;
  const before = kept;
  kept = read();
  if (before && kept?.email === before.email) return;
  access = null;
  tell();
});
