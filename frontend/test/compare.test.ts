import { afterEach, expect, it } from "vitest";
import "../src/main";
import { openView, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

const DEVICE = { key: "wled:a", title: "Stairs", kind_name: "WLED", state: "ok", restore: "device", count: 2 };

function setting(change: string, before: string | null, after: string | null, masked = true) {
  return { path: ["wifi", change], change, before, after, masked, counts: true };
}

it("shows each setting as it is written, a secret in the person's words", async () => {
  const home = new ViewHome();
  const hidden = "**REDACTED**";
  home.answers["backups/list"] = { backups: [] };
  home.answers["backups/compare"] = {
    counts: true,
    unchanged: 0,
    more: 0,
    files: [
      {
        path: "cfg.json",
        change: "changed",
        counts: true,
        size_before: 1,
        size_after: 1,
        lines: [],
        members: [],
        more: 0,
        settings: [
          setting("added", null, hidden),
          setting("removed", hidden, null),
          setting("changed", hidden, hidden),
          setting("changed", "1.0", "1", false),
          setting("changed", null, "1", false),
          setting("changed", "cut …", "cut …", false),
        ],
      },
    ],
  };
  const view = await openView(home, "/device/wled%3Aa/compare/1/2");
  await home.send("devices/subscribe", { devices: [DEVICE] });
  const rows = [...view.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent.trim()),
  );
  expect(rows).toEqual([
    ["wifi > added", "", "compare.secret_value"],
    ["wifi > removed", "compare.secret_value", ""],
    ["wifi > changed", "compare.secret"],
    ["wifi > changed", "1.0", "1"],
    ["wifi > changed", "–", "1"],
    ["wifi > changed", "compare.not_shown"],
  ]);
});
