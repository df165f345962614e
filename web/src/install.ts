/** Whether this browser offers to install the app: it says so once, long before anybody opens the settings. */

/** What Chromium gives to pages that can be installed; it is in no standard yet. */
export interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

let offered: InstallPrompt | null = null;
const listeners = new Set<() => void>();

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event as InstallPrompt;
  for (const listener of listeners) listener();
});

export const installPrompt = {
  get offered(): InstallPrompt | null {
    return offered;
  },
  /** It is of use once. */
  used(): void {
    offered = null;
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
