import { afterEach, expect, it } from "vitest";
import "../src/main";
import { button, openView, settled, ViewHome } from "./home";

const BACKUP = { backup_id: "1", taken_at: "2026-01-01T00:00:00Z", confirmed: "2026-01-01T00:00:00Z", size: 5 };
const NOTES = { missing: [], doubts: [], remarks: [], in_snapshots: [] as string[], whole: true };
const ONLY = "It is the only one.";

afterEach(() => document.body.replaceChildren());

/** Press Delete under the one backup of a device, and see the question. */
async function pressDelete(home: ViewHome, backup: object): Promise<ShadowRoot> {
  home.answers["backups/list"] = { backups: [{ ...BACKUP, ...NOTES, ...backup }] };
  await openView(home, "/device/wled%3Aa");
  await home.send("devices/subscribe", {
    changed: [{ key: "wled:a", title: "Attic", state: "ok", count: 1, size: 5 }],
  });
  const view = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("device-backups-device");
  button(view?.shadowRoot as ShadowRoot, "device.delete")?.click();
  await settled();
  return view?.shadowRoot?.querySelector("device-backups-confirm")?.shadowRoot as ShadowRoot;
}

async function agree(dialog: ShadowRoot): Promise<void> {
  dialog.querySelector<HTMLElement>("button.danger")?.click();
  await settled();
}

it("says at once why a restore needs a backup, and asks no second time", async () => {
  const home = new ViewHome();
  const dialog = await pressDelete(home, { needed: ONLY });
  expect(dialog.querySelector("p")?.textContent).toMatch(/^question.delete_needed.text .*It is the only one\.$/);
  await agree(dialog);
  expect(home.last("backups/delete")).toMatchObject({ backup_id: "1", even_if_needed: true });
  expect(dialog.querySelector("dialog")).toBeNull();
});

it("asks once more where a backup came to be needed meanwhile", async () => {
  const home = new ViewHome();
  home.refusals["backups/delete"] = { code: "backup_needed", message: ONLY };
  const dialog = await pressDelete(home, { needed: null });
  expect(dialog.querySelector("p")?.textContent).toMatch(/^question.delete.text /);
  await agree(dialog);
  expect(home.last("backups/delete")).toMatchObject({ even_if_needed: false });
  expect(dialog.querySelector("p")?.textContent).toContain(ONLY);
  home.refusals = {};
  await agree(dialog);
  expect(home.last("backups/delete")).toMatchObject({ even_if_needed: true });
});

it("says that a Home Assistant backup still holds what is deleted", async () => {
  const dialog = await pressDelete(new ViewHome(), { needed: null, in_snapshots: ["ha-1"] });
  expect(dialog.querySelector("p")?.textContent).toContain("question.left_in_snapshot");
});
