import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { PREFER_WAIT, untilDone } from "../api/pending";
import { ApiProblem } from "../api/problem";
import { t } from "../language/language";
import { Face } from "../parts/face";
import { Icon } from "../parts/icons";
import { Busy, Problem, Status, Title } from "../parts/parts";
import { useAction } from "../parts/use";
import { prepare, type Upload } from "../photo";
import { takeSharedPhoto } from "../shared-photo";
import { Camera } from "./camera";
import { ConsentText, useConsent } from "./consent";

const PATIENCE = 90_000;

interface SelfieProps {
  onDone: () => Promise<void>;
  /** Where there is a face that can stay in use: go on with it. */
  onKeep?: () => void;
}

/** Consent, then the one photo: taken or chosen, sent, and looked at. */
export function SelfiePage({ onDone, onKeep }: SelfieProps): JSX.Element {
  const consent = useConsent();
  const { agreed } = consent;
  const [camera, setCamera] = useState(false);
  const [stage, setStage] = useState("");
  const [rejected, setRejected] = useState("");
  const [shared, setShared] = useState<File | null>(null);
  const [seen, see] = useSeen();
  useEffect(() => {
    void takeSharedPhoto().then((found) => {
      setShared(found);
      if (found) see(found);
    });
  }, [see]);

  const send = useAction(async (photo: Upload) => {
    setRejected("");
    setCamera(false);
    see(photo.body);
    try {
      await consent.agree();
      setStage(t.photo.uploading);
      const selfie_id = await upload(photo);
      if (!selfie_id) {
        setRejected(t.photo.tooLarge);
        return;
      }
      setStage(t.photo.looking);
      const selfie = await untilDone(
        () => api.GET("/v1/selfies/current", { headers: PREFER_WAIT }),
        (found) => found.selfie_id === selfie_id && found.status !== "waiting" && found.status !== "processing",
        PATIENCE,
      );
      if (selfie.status === "ready") await onDone();
      else setRejected(selfie.message ?? t.photo.slow);
    } finally {
      setStage("");
    }
  });

  const choose = useAction(async (file: File) => {
    setShared(null);
    try {
      await send.run(await prepare(file));
    } catch (problem) {
      setRejected((problem as Error).message);
    }
  });

  return (
    <div class="step">
      <aside class={seen || onKeep ? "preview" : "preview sample"}>
        <div class={stage ? "frame looked-at" : "frame"}>
          {seen ? (
            <img class="loaded" src={seen} alt={t.photo.chosen} onError={() => see(null)} />
          ) : onKeep ? (
            <Face title="" />
          ) : (
            <img class="loaded" src="/people/sunrise.webp" alt="" />
          )}
        </div>
        <Busy stage={stage} />
      </aside>
      <div>
        <Title>{t.photo.title}</Title>
        <p class="lead">{t.photo.lead}</p>
        <ConsentText consent={consent} />
        <Problem text={rejected || send.error || choose.error} />
        {shared ? (
          <div class="row">
            <p>{t.photo.shared}</p>
            <button type="button" disabled={!agreed || choose.busy} onClick={() => void choose.run(shared)}>
              {t.photo.useShared}
            </button>
          </div>
        ) : null}
        {camera ? (
          <Camera onPhoto={(photo) => void send.run(photo)} onBack={() => setCamera(false)} />
        ) : stage ? null : (
          <div class="row ways">
            <button type="button" class={onKeep ? "quiet" : ""} disabled={!agreed} onClick={() => setCamera(true)}>
              <Icon name="camera" />
              {t.photo.useCamera}
            </button>
            <label class={agreed ? "button quiet" : "button quiet off"}>
              <Icon name="photo" />
              {t.photo.choose}
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
            {onKeep ? (
              <button type="button" onClick={onKeep}>
                {t.setup.keep}
              </button>
            ) : null}
          </div>
        )}
        {agreed ? null : <Status>{t.photo.agreeFirst}</Status>}
      </div>
    </div>
  );
}

/** Send a photo to where the API says; its id, or null where it is not taken there. */
async function upload(photo: Upload): Promise<string | null> {
  const { upload: to, selfie_id } = await ask(api.POST("/v1/selfies", { body: { content_type: photo.type } }));
  const form = new FormData();
  for (const [name, value] of Object.entries(to.fields)) form.append(name, value);
  form.append("file", photo.body);
  const answer = await fetch(to.url, { method: "POST", body: form });
  // S3 says so when it is busy, which has nothing to do with the photo.
  if (answer.status >= 500) throw new ApiProblem(answer.status, t.trouble.ours);
  return answer.ok ? selfie_id : null;
}

/** The address of the photo that is shown, as long as it is. */
function useSeen(): [string | null, (photo: Blob | null) => void] {
  const [photo, see] = useState<Blob | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = photo && URL.createObjectURL(photo);
    setAddress(made);
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo]);
  return [address, see];
}
