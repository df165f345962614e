import type { JSX } from "preact";
import type { Portrait } from "../api/client";
import { ApiProblem } from "../api/problem";
import { Problem } from "../parts/parts";
import { useAction } from "../parts/use";

/** A finished picture, to look at, share and download. */
export function Picture({ portrait }: { portrait: Portrait }): JSX.Element {
  const name = `motiv8-${portrait.date}.jpg`;
  const file = async (): Promise<File> => {
    const answer = await fetch(portrait.image_url ?? "");
    // The link holds for five minutes.
    if (!answer.ok) throw new ApiProblem(answer.status, "This link has expired. Reload the page and try again.");
    return new File([await answer.blob()], name, { type: "image/jpeg" });
  };
  const download = useAction(async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await file());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  const share = useAction(async () => {
    const files = [await file()];
    // Closing the share sheet without choosing is no error.
    await navigator.share({ files, text: portrait.line ?? "" }).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  });
  return (
    <figure class="picture">
      <img src={portrait.webp_url ?? portrait.image_url ?? ""} alt={portrait.alt_text ?? ""} />
      <figcaption class="row">
        {"share" in navigator ? (
          <button type="button" disabled={share.busy} onClick={() => void share.run()}>
            Share
          </button>
        ) : null}
        <button type="button" class="quiet" disabled={download.busy} onClick={() => void download.run()}>
          Download
        </button>
      </figcaption>
      <Problem text={download.error || share.error} />
    </figure>
  );
}
