import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { ImportedFile } from "../src/records";
import { chosenFiles } from "../src/dropped";
import { button, openView, settled, ViewHome } from "./home";

function imported(names: string[], outcome: ImportedFile["outcome"], more: Partial<ImportedFile> = {}): ImportedFile {
  return {
    names,
    outcome,
    kind: "wled",
    made_at: null,
    device_key: null,
    title: null,
    is_set_up: false,
    backup_id: null,
    error: null,
    ...more,
  };
}

afterEach(() => document.body.replaceChildren());

it("names files by their place in the folder that was chosen", () => {
  const inFolder = Object.assign(new File(["x"], "a.json"), { webkitRelativePath: "mine/a.json" });
  const files = [inFolder, new File(["y"], "b.json")] as unknown as FileList;
  expect(chosenFiles(files).map(({ path }) => path)).toEqual(["mine/a.json", "b.json"]);
  expect(chosenFiles(null)).toEqual([]);
});

it("shows what waits for the person first, then what was not taken and why", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/import");
  await home.send("import/subscribe", {
    running: false,
    looked_at: 3,
    total: 3,
    files: [
      imported(["a.zip"], "stored", { device_key: "wled:a", title: "Attic" }),
      imported(["b.txt"], "refused", { error: "Nobody knows it." }),
      imported(["cfg.json", "presets.json"], "without_owner"),
    ],
  });
  const rows = [...view.querySelectorAll("li")].map((row) => row.textContent.replace(/\s+/g, " ").trim());
  expect(view.textContent).toContain("import.summary 1 0 1 1");
  expect(rows[0]).toContain("cfg.json + presets.json");
  expect(rows[0]).toContain("import.no_device");
  expect(rows[1]).toContain("Nobody knows it.");
  expect(rows[2]).toContain("import.for Attic");
  expect(rows[2]).toContain("import.unknown_device");
});

it("says as of when a file that waits will be kept", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/import");
  const made_at = "2026-01-02T03:04:00Z";
  const waiting = [imported(["a.json"], "without_owner", { made_at }), imported(["b.json"], "without_owner")];
  await home.send("import/subscribe", { running: false, looked_at: 2, total: 2, files: waiting });
  const rows = [...view.querySelectorAll("li")].map((row) => row.textContent);
  expect(rows[0]).toContain("import.made_at Jan 2, 2026, 03:04");
  expect(rows[1]).toContain("import.no_time");
});

it("takes a file for a device only once that is chosen", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/import");
  const key = "wled:a";
  await home.send("devices/subscribe", { changed: [{ key, title: "Attic" }] });
  await home.send("import/subscribe", {
    running: false,
    looked_at: 1,
    total: 1,
    files: [imported(["cfg.json"], "without_owner")],
  });
  button(view, "import.take")?.click();
  await settled();
  expect(home.last("import/assign")).toBeUndefined();

  const select = view.querySelector("select") as HTMLSelectElement;
  select.value = key;
  button(view, "import.take")?.click();
  await settled();
  expect(home.last("import/assign")).toMatchObject({ device_key: key });
});

it("sends no file that is too large, and looks at nothing where nothing came", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/import");
  const large = Object.defineProperty(new File(["x"], "disk.img"), "size", { value: 64 * 1024 * 1024 + 1 });
  const input = view.querySelector("#files") as HTMLInputElement;
  Object.defineProperty(input, "files", { configurable: true, value: [large] });
  input.dispatchEvent(new Event("change"));
  await settled();
  expect(view.querySelector("ha-alert")?.textContent).toContain("disk.img: import.too_large 64");
  expect([home.last("import/begin"), home.last("import/run")]).toEqual([undefined, undefined]);
});
