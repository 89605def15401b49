import { defineConfig } from "vitest/config";

// One window for all files, emptied between tests: a window of its own took each file longer than its tests.
export default defineConfig({ test: { environment: "happy-dom", include: ["test/**/*.test.ts"], isolate: false } });
