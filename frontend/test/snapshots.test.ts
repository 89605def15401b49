import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { OpenSnapshot, Snapshot } from "../src/records";
import { button, openView, settled, ViewHome } from "./home";

const SNAPSHOT: Snapshot = {
  snapshot_id: "1",
  name: "Evening",
  date: "2026-01-01T00:00:00Z",
  version: "2026.11.0",
  size: 1,
  protected: true,
  place: "local",
  is_here: true,
  devices: null,
};
const CLOSED: OpenSnapshot = {
  source: null,
  reading: false,
  share: null,
  error: null,
  snapshot: null,
  devices: [],
  problems: [],
};

async function opened(has_own_key: boolean, snapshot = SNAPSHOT): Promise<[ViewHome, ShadowRoot]> {
  const home = new ViewHome();
  home.answers["snapshots/list"] = { snapshots: [snapshot], problems: [], has_own_key };
  const view = await openView(home, "/snapshots");
  await home.send("snapshots/subscribe", CLOSED);
  return [home, view];
}

afterEach(() => document.body.replaceChildren());

it("uses no key before a person says so", async () => {
  const [home, view] = await opened(true);
  button(view, "snapshots.open")?.click();
  await settled();
  expect(home.last("snapshots/open")).toBeUndefined();
  expect(view.activeElement).toBeNull();
  button(view, "snapshots.own_key")?.click();
  await settled();
  expect(home.last("snapshots/open")).toMatchObject({ snapshot_id: "1", use_own_key: true });
});

it("does not offer a key that Home Assistant has not", async () => {
  const [, view] = await opened(false);
  button(view, "snapshots.open")?.click();
  await settled();
  expect(button(view, "snapshots.own_key")).toBeUndefined();
  expect(view.activeElement?.id).toBe("password");
});

it("opens at once what is not encrypted", async () => {
  const [home, view] = await opened(true, { ...SNAPSHOT, protected: false });
  button(view, "snapshots.open")?.click();
  await settled();
  expect(home.last("snapshots/open")).toMatchObject({ snapshot_id: "1" });
});

it("asks again for the key of a file that was sent, and says what was wrong", async () => {
  const [home, view] = await opened(true);
  const error = { wants_password: true, message: "The password is wrong." };
  await home.send("snapshots/subscribe", {
    ...CLOSED,
    source: { snapshot_id: null, name: "old.tar", size: 1 },
    error,
  });
  expect(view.textContent).toContain("The password is wrong.");
  const input = view.querySelector<HTMLInputElement>("input[type=password]") as HTMLInputElement;
  input.value = "right";
  view.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  expect(home.last("snapshots/open")).toMatchObject({ snapshot_id: null, password: "right" });
});

it("says by which device one was replaced that is not set up any more", async () => {
  const [home, view] = await opened(true);
  const device = { key: "wled:a", title: "Lamp", kind_name: "WLED", is_known: true, is_set_up: false, backups: [] };
  const state = {
    ...CLOSED,
    source: { snapshot_id: "1", name: "Evening", size: 1 },
    snapshot: { date: SNAPSHOT.date, others: [] },
  };
  await home.send("snapshots/subscribe", {
    ...state,
    devices: [{ ...device, replaced_by: { key: "wled:b", title: "New" } }],
  });
  expect(view.textContent).toContain("snapshots.replaced New");
  expect(view.querySelector("a[href$='/device/wled%3Ab']")?.textContent).toBe("New");
  await home.send("snapshots/subscribe", { ...state, devices: [{ ...device, replaced_by: null }] });
  expect(view.textContent).toContain("snapshots.unknown_device");
});

it("tells backups of one minute apart", async () => {
  const [home, view] = await opened(true);
  const backup = {
    device_version: "",
    size: 1,
    whole: true,
    recommended: false,
    newest: false,
    suspect: null,
    stored_id: "1",
  };
  const taken = ["2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z"];
  await home.send("snapshots/subscribe", {
    ...CLOSED,
    source: { snapshot_id: "1", name: "Evening", size: 1 },
    snapshot: { date: SNAPSHOT.date, others: [] },
    devices: [
      {
        key: "wled:a",
        title: "Lamp",
        kind_name: "WLED",
        is_known: true,
        is_set_up: true,
        backups: taken.map((taken_at) => ({ ...backup, backup_id: taken_at, taken_at })),
      },
    ],
  });
  const names = [...view.querySelectorAll("[role=group]")].map((group) => group.getAttribute("aria-label"));
  expect(names).toEqual(["Lamp, Jan 1, 2026, 00:00:01", "Lamp, Jan 1, 2026, 00:00:02"]);
});
