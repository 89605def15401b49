import { afterEach, expect, it } from "vitest";
import "../src/main";
import { focused } from "../src/focus";
import { button, openView, settled, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

const CLOSED = { source: null, reading: false, share: null, error: null, snapshot: null, devices: [], problems: [] };

it("goes on at the heading when what had the keyboard is gone", async () => {
  const home = new ViewHome();
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  const source = { snapshot_id: "1", name: "Evening", size: 1 };
  await home.send("snapshots/subscribe", { ...CLOSED, source, snapshot: { date: null, others: [] } });
  const close = button(view, "snapshots.close") as HTMLElement;
  close.tabIndex = 0;
  close.focus();
  expect(focused()).toBe(close);
  await home.send("snapshots/subscribe", CLOSED);
  expect(focused()).toBe(view.querySelector("h1"));
});

it("stays with a row that moves", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/");
  const device = { kind_name: "WLED", state: "ok", is_problem: false, restore: null };
  const [attic, bath] = ["Attic", "Bath"].map((title) => ({ ...device, key: `wled:${title}`, title }));
  await home.send("devices/subscribe", { devices: [attic, bath] });
  const row = view.querySelectorAll<HTMLElement>("a.device")[1] as HTMLElement;
  row.focus();
  await home.send("devices/subscribe", { changed: [{ ...bath, is_problem: true }] });
  await settled();
  expect(view.querySelector("a.device")).toBe(row);
  expect(focused()).toBe(row);
});
