import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Selfie } from "../api/client";
import { ApiProblem } from "../api/problem";
import { Busy, Problem, Status, Switch, Title } from "../parts/parts";
import { until, useAction, useLoaded } from "../parts/use";
import { prepare, type Upload } from "../photo";
import { Camera } from "./camera";

const PATIENCE = 90_000;

/** Consent, then the one photo: taken or chosen, sent, and looked at. */
export function SelfiePage({ onDone }: { onDone: () => void }): JSX.Element {
  const consent = useLoaded(() => ask(api.GET("/v1/me/consent")));
  const [switched, setSwitched] = useState<boolean>();
  const agreed = switched ?? consent.data?.status === "given";
  const [camera, setCamera] = useState(false);
  const [stage, setStage] = useState("");
  const [rejected, setRejected] = useState("");

  const agree = async (): Promise<void> => {
    if (!consent.data || consent.data.status === "given") return;
    const { version, language } = consent.data.text;
    try {
      consent.set(await ask(api.PUT("/v1/me/consent", { body: { version, language } })));
    } catch (problem) {
      // The text has changed meanwhile: it is shown anew, and wants to be agreed to anew.
      if (problem instanceof ApiProblem && problem.status === 409) {
        setSwitched(undefined);
        consent.reload();
      }
      throw problem;
    }
  };

  const send = useAction(async (photo: Upload) => {
    setRejected("");
    setCamera(false);
    try {
      await agree();
      setStage("Uploading your photo…");
      const { upload, selfie_id } = await ask(api.POST("/v1/selfies", { body: { content_type: photo.type } }));
      const form = new FormData();
      for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
      form.append("file", photo.body);
      const answer = await fetch(upload.url, { method: "POST", body: form });
      if (!answer.ok) {
        setRejected("This file is not a photo, or it is too large. Choose a photo of up to 20 MB.");
        return;
      }
      setStage("Looking for your face…");
      const current = (): Promise<Selfie> => ask(api.GET("/v1/selfies/current"));
      const pending = (selfie: Selfie): boolean => selfie.status === "waiting" || selfie.status === "processing";
      const selfie = await until(current, (found) => found.selfie_id === selfie_id && !pending(found), PATIENCE);
      if (selfie.status === "ready") onDone();
      else setRejected(selfie.message ?? "This is taking longer than usual. Please check again in a minute.");
    } finally {
      setStage("");
    }
  });

  const choose = useAction(async (file: File) => {
    try {
      await send.run(await prepare(file));
    } catch (problem) {
      setRejected((problem as Error).message);
    }
  });

  return (
    <main class="narrow">
      <Title>Your photo</Title>
      <p class="lead">We make all your pictures from it. Choose one of you alone, facing the camera, in good light.</p>
      <section class="consent" aria-labelledby={consent.data && "consent"}>
        {consent.data ? (
          <div lang={consent.data.text.language}>
            <h2 id="consent">{consent.data.text.title}</h2>
            {consent.data.status === "outdated" ? <p>This text has changed since you agreed to it.</p> : null}
            <ul>
              {consent.data.text.points.map((point) => (
                <li key={point}>{point}</li>
              ))}
            </ul>
            <Switch label={consent.data.text.agreement} checked={agreed} onChange={setSwitched} />
          </div>
        ) : (
          <Problem text={consent.error} again={consent.reload} />
        )}
      </section>
      <Busy stage={stage} />
      <Problem text={rejected || send.error || choose.error} />
      {camera ? (
        <Camera onPhoto={(photo) => void send.run(photo)} onBack={() => setCamera(false)} />
      ) : stage ? null : (
        <div class="row">
          <button type="button" disabled={!agreed} onClick={() => setCamera(true)}>
            Use the camera
          </button>
          <label class={agreed ? "button quiet" : "button quiet off"}>
            Choose a photo
            <input
              type="file"
              class="hidden"
              disabled={!agreed}
              accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = "";
                if (file) void choose.run(file);
              }}
            />
          </label>
        </div>
      )}
      {agreed ? null : <Status>Agree to this first. Then take or choose a photo.</Status>}
    </main>
  );
}
