import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { RecoveryRow } from "../src/records";
import { applyRecovery, chosenRows } from "../src/recovery";
import { button, openView, settled, ViewHome } from "./home";

function row(key: string, more: Partial<RecoveryRow> = {}): RecoveryRow {
  return {
    key,
    title: key,
    step: "was_asked",
    share: null,
    text: null,
    error: null,
    finding: "differs",
    can_restore: true,
    preselected: false,
    ...more,
  };
}

afterEach(() => document.body.replaceChildren());

it("takes changes into what is there, and the whole in its place", () => {
  const first = applyRecovery(null, { asking: true, restoring: false, rows: [row("a"), row("b")] });
  const then = applyRecovery(first, { asking: false, restoring: true, changed: [row("b", { step: "is_restored" })] });
  expect([then.asking, then.restoring, [...then.rows.values()].map(({ step }) => step)]).toEqual([
    false,
    true,
    ["was_asked", "is_restored"],
  ]);
  expect([...applyRecovery(then, { asking: false, restoring: false, rows: [row("c")] }).rows.keys()]).toEqual(["c"]);
});

it("proposes only what is preselected, and takes the word of the person before that", () => {
  const rows = [
    row("reset", { preselected: true }),
    row("mine"),
    row("away", { finding: "away", preselected: true }),
    row("by hand", { can_restore: false, preselected: true }),
    row("done", { step: "restored", preselected: true }),
    row("failed", { step: "restore_failed", preselected: true }),
  ];
  const state = applyRecovery(null, { asking: false, restoring: false, rows });
  const chosen = (ticks: [string, boolean][]) => chosenRows(state, new Map(ticks)).map(({ key }) => key);
  expect(chosen([])).toEqual(["reset"]);
  expect(
    chosen([
      ["reset", false],
      ["mine", true],
      ["failed", true],
      ["away", true],
      ["done", true],
    ]),
  ).toEqual(["mine", "failed"]);
});

it("puts back what was ticked, after a question", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const rows = [row("wled:a", { preselected: true }), row("wled:b", { cautions: ["may_be_meant"] })];
  await home.send("power_cut/subscribe", { asking: false, restoring: false, rows });
  const [first, second] = view.querySelectorAll<HTMLInputElement>("input[type=checkbox]");
  expect([first?.checked, second?.checked]).toEqual([true, false]);
  button(view, "power_cut.restore 1")?.click();
  await settled();
  const dialog = view.querySelector("device-backups-confirm")?.shadowRoot;
  expect(home.last("power_cut/restore")).toBeUndefined();
  dialog?.querySelector<HTMLElement>("button.danger")?.click();
  await settled();
  expect(home.last("power_cut/restore")).toMatchObject({ device_keys: ["wled:a"] });
});

it("offers nothing more, and names no difference, where all is put back", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const differing = { backup_id: "1", files: ["cfg.json"] };
  const state = { asking: false, restoring: false };
  await home.send("power_cut/subscribe", { ...state, rows: [row("wled:a", { ...differing, preselected: true })] });
  expect(view.textContent).toContain("power_cut.files cfg.json");
  expect(view.textContent).toContain("power_cut.what_differs");

  await home.send("power_cut/subscribe", { ...state, rows: [row("wled:a", { ...differing, step: "restored" })] });
  expect(view.textContent).toContain("power_cut.step.restored");
  expect(view.textContent).not.toMatch(/cfg\.json|power_cut\.what_differs/);
  expect(button(view, "power_cut.restore")).toBeUndefined();
});
