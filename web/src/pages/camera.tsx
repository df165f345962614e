import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/language";
import { Problem, Status } from "../parts/parts";
import { useAction } from "../parts/use";
import { brightness, snap, type Upload } from "../photo";

const DARK = 60;
const GLARING = 225;

/** The front camera with a guide for the head, and a word about the light. */
export function Camera({ onPhoto, onBack }: { onPhoto: (photo: Upload) => void; onBack: () => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [error, setError] = useState("");
  const [hint, setHint] = useState("");
  const take = useAction(async () => {
    if (video.current) onPhoto(await snap(video.current));
  });

  useEffect(() => {
    let stream: MediaStream | null = null;
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    let gone = false;
    const wanted = { video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1440 } } };
    const begin = navigator.mediaDevices?.getUserMedia(wanted) ?? Promise.reject(new Error("none"));
    begin.then(
      (found) => {
        stream = found;
        if (gone) stop();
        else if (video.current) video.current.srcObject = found;
      },
      () => setError(t.camera.blocked),
    );
    const watch = setInterval(() => {
      if (!video.current?.videoWidth) return;
      const light = brightness(video.current);
      setHint(light < DARK ? t.camera.dark : light > GLARING ? t.camera.bright : t.camera.good);
    }, 700);
    return () => {
      gone = true;
      clearInterval(watch);
      stop();
    };
  }, []);

  return (
    <section aria-label={t.camera.label}>
      <Problem text={error || take.error} />
      {error ? null : (
        <div class="camera">
          <video ref={video} autoplay muted playsInline onLoadedData={() => setReady(true)} />
          <svg viewBox="0 0 300 400" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
            <path
              fill="rgb(0 0 0 / 45%)"
              fill-rule="evenodd"
              d="M0 0h300v400H0z M150 70c50 0 80 42 80 100s-35 110-80 110-80-52-80-110 30-100 80-100z"
            />
          </svg>
        </div>
      )}
      <Status>{hint || t.camera.oval}</Status>
      <div class="row">
        {error ? null : (
          <button type="button" disabled={!ready || take.busy} onClick={() => void take.run()}>
            {t.camera.take}
          </button>
        )}
        <button type="button" class="quiet" onClick={onBack}>
          {t.photo.chooseInstead}
        </button>
      </div>
    </section>
  );
}
