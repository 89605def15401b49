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
    planCard({ ...PLAN, ...plan }, isUnfinished, (key) => key),
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
