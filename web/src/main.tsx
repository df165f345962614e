import "./style.css";
import "./parts/frame.css";

import { render } from "preact";

import { App } from "./app";
import "./install";
import { preferredLocale, speak } from "./language/language";

async function open(): Promise<void> {
  await speak(preferredLocale());
  const root = document.getElementById("app");
  if (!root) return;
  root.replaceChildren();
  render(<App />, root);
}

void open();

if ("serviceWorker" in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register("/sw.js");
}
