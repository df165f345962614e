import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { sentence, Trouble } from "../api/problem";
import { t } from "../language/language";
import { Problem, Switch } from "../parts/parts";

const KEY = "motiv8.device";

// One after the other: a device that registers has no id yet by which it could be taken off.
let changing: Promise<void> = Promise.resolve();

function inTurn(change: () => Promise<void>): Promise<void> {
  const done = changing.then(change);
  changing = done.catch(() => undefined);
  return done;
}

/** Whether this device is told when today's picture is there; nothing where the browser cannot be. */
export function TellMe(): JSX.Element | null {
  const [on, setOn] = useState(false);
  useEffect(() => {
    void current().then((subscription) => setOn(subscription !== null && localStorage.getItem(KEY) !== null));
  }, []);
  const [error, setError] = useState("");
  const change = async (wanted: boolean): Promise<void> => {
    // Shown at once; what does not work goes back to what it was.
    setOn(wanted);
    setError("");
    try {
      await inTurn(wanted ? begin : end);
    } catch (problem) {
      setOn(!wanted);
      setError(sentence(problem));
    }
  };
  if (!("PushManager" in window && "Notification" in window && "serviceWorker" in navigator)) return null;
  return (
    <section aria-label={t.device.label}>
      <Switch
        label={t.device.notify}
        hint={t.device.notifyHint}
        checked={on}
        onChange={(wanted) => void change(wanted)}
      />
      <Problem text={error} />
    </section>
  );
}

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

async function begin(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Trouble(t.device.blocked);
  }
  const { public_key } = await ask(api.GET("/v1/notifications"));
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: public_key };
  const subscription = await registration.pushManager.subscribe(options).catch(() => {
    throw new Trouble(t.device.silent);
  });
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint: endpoint ?? "", keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } };
  const kept = await ask(api.POST("/v1/notifications", { body }));
  localStorage.setItem(KEY, kept.subscription_id);
}

/** Tell this device no more; whoever signs in next on it asks for themselves. */
export function tellNoMore(): Promise<void> {
  return inTurn(end);
}

async function end(): Promise<void> {
  await (await current())?.unsubscribe();
  const subscription_id = localStorage.getItem(KEY);
  localStorage.removeItem(KEY);
  if (!subscription_id) return;
  // One that the API has forgotten is what was wanted.
  await api.DELETE("/v1/notifications/{subscription_id}", { params: { path: { subscription_id } } });
}
