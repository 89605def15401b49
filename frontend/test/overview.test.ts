import { afterEach, expect, it } from "vitest";
import "../src/main";
import { openView, ViewHome } from "./home";

const DEVICE = { key: "wled:a", title: "Attic", kind_name: "WLED", state: "ok" };

afterEach(() => document.body.replaceChildren());

it("says that the backups are on this machine alone, until Home Assistant makes some of itself", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/");
  await home.send("devices/subscribe", { devices: [DEVICE], only_here: true });
  expect(view.querySelector("ha-alert a")?.getAttribute("href")).toBe("/config/backup");
  await home.send("devices/subscribe", { changed: [DEVICE] });
  expect(view.querySelector("ha-alert")?.textContent).toContain("overview.only_here");
  await home.send("devices/subscribe", { devices: [DEVICE], only_here: false });
  expect(view.querySelector("ha-alert")).toBeNull();
});

it("says why the second copy is not complete, until it is", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/");
  await home.send("devices/subscribe", { devices: [DEVICE], second_copy_problem: "/share is not there." });
  expect(view.querySelector("ha-alert")?.textContent).toContain("/share is not there.");
  expect(view.querySelector("ha-alert a")?.getAttribute("href")).toMatch(/ha_device_backups$/);
  await home.send("devices/subscribe", { changed: [DEVICE] });
  expect(view.querySelector("ha-alert")).not.toBeNull();
  await home.send("devices/subscribe", { second_copy_problem: null });
  expect(view.querySelector("ha-alert")).toBeNull();
});
