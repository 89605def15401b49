import { afterEach, expect, it } from "vitest";
import "../src/main";
import { openView, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

async function openDevice(device: object): Promise<ShadowRoot> {
  const home = new ViewHome();
  home.answers["backups/list"] = { backups: [] };
  await openView(home, "/device/wled%3Aa");
  await home.send("devices/subscribe", { changed: [{ key: "wled:a", title: "Attic", count: 0, size: 0, ...device }] });
  const view = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("device-backups-device");
  return view?.shadowRoot as ShadowRoot;
}

it("leads from a device that was removed to where it is added again", async () => {
  const view = await openDevice({ state: "removed", entry_id: null, device_id: null });
  expect([...view.querySelectorAll("a")].map((link) => link.textContent)).toEqual(["overview.add"]);
});

it("leads to the entry of the device, where its address and its login are changed", async () => {
  const view = await openDevice({ state: "failed", entry_id: "1", device_id: "2" });
  const links = [...view.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  expect(links).toEqual([
    "/config/devices/device/2",
    "/config/integrations/integration/ha_device_backups#config_entry=1",
  ]);
});
