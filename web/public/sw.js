// The shell stays usable without a network: the newest page and files are kept as they are fetched. Answers of the API
// and pictures are personal and are never kept.
const SHELL = "shell-2";
// A photo that another app shared with this one, until a page takes it (src/shared-photo.ts).
const SHARED = "shared-photo";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(["/", "/icon.svg"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const drop = (names) =>
    Promise.all(names.filter((name) => name !== SHELL && name !== SHARED).map((name) => caches.delete(name)));
  event.waitUntil(
    caches
      .keys()
      .then(drop)
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("push", (event) => {
  const { title, body, tag, url } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: "/icon.svg", data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin).href;
  const open = async () => {
    const [window] = await self.clients.matchAll({ type: "window" });
    if (!window) return self.clients.openWindow(url);
    await window.focus();
    return window.navigate(url);
  };
  event.waitUntil(open());
});

async function receive(request) {
  const photo = (await request.formData()).get("photo");
  if (photo instanceof File) {
    const headers = { "Content-Type": photo.type, "X-File-Name": encodeURIComponent(photo.name) };
    await (await caches.open(SHARED)).put("/shared-photo", new Response(photo, { headers }));
  }
  return Response.redirect("/#/selfie", 303);
}

function isShell(request, url) {
  const own = ["/assets/", "/modes/", "/people/", "/icon", "/manifest."];
  return request.mode === "navigate" ? url.pathname === "/" : own.some((start) => url.pathname.startsWith(start));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "POST" && url.origin === self.location.origin && url.pathname === "/share") {
    event.respondWith(receive(event.request));
    return;
  }
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !isShell(event.request, url)) return;
  // The page is kept without its query, in which a sign-in's code may stand.
  const kept = event.request.mode === "navigate" ? "/" : event.request;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (answer.ok) await (await caches.open(SHELL)).put(kept, answer.clone());
        return answer;
      })
      .catch(async () => (await caches.match(kept)) ?? Response.error()),
  );
});
