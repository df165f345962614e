/** A photo that another app shared with this one; the service worker keeps it until a page takes it. */

const SHARED = "shared-photo";
const AT = "/shared-photo";

/** The photo, once: it is kept no longer. */
export async function takeSharedPhoto(): Promise<File | null> {
  if (!("caches" in window)) return null;
  const cache = await caches.open(SHARED);
  const kept = await cache.match(AT);
  if (!kept) return null;
  await cache.delete(AT);
  const blob = await kept.blob();
  return new File([blob], decodeURIComponent(kept.headers.get("X-File-Name") ?? ""), { type: blob.type });
}

/** Keep none for whoever uses this device next. */
export async function forgetSharedPhoto(): Promise<void> {
  if ("caches" in window) await caches.delete(SHARED);
}
