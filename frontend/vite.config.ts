import { defineConfig } from "vite";

export default defineConfig({
  build: {
    lib: { entry: "src/main.ts", formats: ["es"], fileName: () => "page.js" },
    outDir: "../custom_components/ha_device_backups/panel/page",
    emptyOutDir: true,
    target: "es2022",
  },
});
