import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { Trouble } from "../api/problem";
import { Problem, Switch } from "../parts/parts";
import { useAction } from "../parts/use";

const KEY = "motiv8.device";

/** Whether this device is told when today's picture is there; nothing where the browser cannot be. */
export function TellMe(): JSX.Element | null {
  const [on, setOn] = useState(false);
  useEffect(() => {
    void current().then((subscription) => setOn(subscription !== null && localStorage.getItem(KEY) !== null));
  }, []);
  const change = useAction(async (wanted: boolean) => {
    // Shown at once; what does not work goes back to what it was.
    setOn(wanted);
    try {
      await (wanted ? begin() : tellNoMore());
    } catch (error) {
      setOn(!wanted);
      throw error;
    }
  });
  if (!("PushManager" in window && "Notification" in window && "serviceWorker" in navigator)) return null;
  return (
    <section aria-label="This device">
      <Switch
        label="Tell me on this device"
        hint="A notification when the picture of the day is there."
        checked={on}
        onChange={(wanted) => void change.run(wanted)}
      />
      <Problem text={change.error} />
    </section>
  );
}

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

async function begin(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Trouble("Your browser does not let us. Allow notifications for this page, then try again.");
  }
  const { public_key } = await ask(api.GET("/v1/notifications"));
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: public_key };
  const subscription = await registration.pushManager.subscribe(options).catch(() => {
    throw new Trouble("Your browser's push service does not answer. Try again in a moment.");
  });
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint: endpoint ?? "", keys: { p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" } };
  const kept = await ask(api.POST("/v1/notifications", { body }));
  localStorage.setItem(KEY, kept.subscription_id);
}

/** Tell this device no more; whoever signs in next on it asks for themselves. */
export async function tellNoMore(): Promise<void> {
  await (await current())?.unsubscribe();
  const subscription_id = localStorage.getItem(KEY);
  localStorage.removeItem(KEY);
  if (!subscription_id) return;
  // One that the API has forgotten is what was wanted.
  await api.DELETE("/v1/notifications/{subscription_id}", { params: { path: { subscription_id } } });
}
