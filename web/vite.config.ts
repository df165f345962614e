import { defineConfig } from "vitest/config";

// `make run` serves what `make web` built; `npm run dev` serves the source and passes the API on to `make run`.
const API = "http://127.0.0.1:8000";

export default defineConfig({
  build: { target: "es2022", modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy: { "/v1": API, "/health": API, "/_local": API } },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    environment: "happy-dom",
    setupFiles: ["tests/setup.ts"],
    isolate: false,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
