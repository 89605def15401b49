import { render } from "lit";
import { expect, it } from "vitest";
import type { Plan } from "../src/records";
import { planCard } from "../src/views/restore-plan";

const PLAN: Plan = {
  backup_id: "1",
  taken_at: "2026-01-01T00:00:00Z",
  device_version: null,
  backup_version: null,
  files: [{ name: "cfg.json", change: "unchanged", details: [] }],
  refused: [],
  needs: [],
  risks: [],
  restarts: false,
};

function shown(plan: Partial<Plan>, isUnfinished = false): HTMLElement {
  const place = document.createElement("div");
  render(
    planCard({ ...PLAN, ...plan }, isUnfinished, (key, values) => [key, ...Object.values(values ?? {})].join(" ")),
    place,
  );
  return place;
}

it("says of a backup that all of it is there only where all can be put back", () => {
  const refused = ["The configuration"];
  const plans = [shown({}), shown({}, true), shown({ refused }), shown({ refused }, true)];
  expect(plans.map((plan) => plan.querySelector("p")?.textContent)).toEqual([
    "plan.nothing",
    "plan.nothing_unfinished",
    "plan.nothing_possible",
    "plan.nothing_possible_unfinished",
  ]);
  expect(plans[2]?.querySelector("li")?.textContent).toBe("The configuration");
});

it("folds many details away without a number: the last of them may stand for more", () => {
  const details = ["Settings: LEDs", "a", "b", "c", "d", "e", "and 6 more settings"];
  const plan = shown({ files: [{ name: "cfg.json", change: "changed", details }] });
  const folded = plan.querySelector("details");
  expect(folded?.querySelector("summary")?.textContent).toBe("plan.details");
  expect([...(folded?.querySelectorAll("li") ?? [])].map((item) => item.textContent)).toEqual(details);
});
