import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Profile, type Selfie } from "../api/client";
import { Busy, Problem, Status, Switch, Title } from "../parts/parts";
import { until, useAction } from "../parts/use";
import { prepare, type Upload } from "../photo";
import { Camera } from "./camera";

const PATIENCE = 90_000;

/** Consent, then the one photo: taken or chosen, sent, and looked at. */
export function SelfiePage({ me, onDone }: { me: Profile; onDone: () => void }): JSX.Element {
  const [agreed, setAgreed] = useState(me.biometric_consent);
  const [camera, setCamera] = useState(false);
  const [stage, setStage] = useState("");
  const [rejected, setRejected] = useState("");

  const send = useAction(async (photo: Upload) => {
    setRejected("");
    setCamera(false);
    try {
      if (!me.biometric_consent) await ask(api.PATCH("/v1/me", { body: { biometric_consent: true } }));
      setStage("Sending your photo…");
      const { upload, selfie_id } = await ask(api.POST("/v1/selfies", { body: { content_type: photo.type } }));
      const form = new FormData();
      for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
      form.append("file", photo.body);
      const answer = await fetch(upload.url, { method: "POST", body: form });
      if (!answer.ok) {
        setRejected("The photo is too large, or no photo. Choose one of up to 20 MB.");
        return;
      }
      setStage("Looking for your face…");
      const current = (): Promise<Selfie> => ask(api.GET("/v1/selfies/current"));
      const pending = (selfie: Selfie): boolean => selfie.status === "waiting" || selfie.status === "processing";
      const selfie = await until(current, (found) => found.selfie_id === selfie_id && !pending(found), PATIENCE);
      if (selfie.status === "ready") onDone();
      else setRejected(selfie.message ?? "This takes longer than it should. Please look again in a minute.");
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
      <Title>One photo of you</Title>
      <p class="lead">From it come all your pictures. Alone, face to the camera, in good light.</p>
      <section class="consent" aria-labelledby="consent">
        <h2 id="consent">What happens with your face</h2>
        <ul>
          <li>We cut you out of the photo and keep a code of your face, to make your pictures and for nothing else.</li>
          <li>The photo itself is deleted after a week. Nobody else sees it, and nothing is trained with it.</li>
          <li>Take this back in the settings at any time: photo, face and code are then deleted.</li>
        </ul>
        <Switch label="I agree that motiv8 uses my face like this" checked={agreed} onChange={setAgreed} />
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
      {agreed ? null : <Status>Agree first, then take or choose a photo.</Status>}
    </main>
  );
}
