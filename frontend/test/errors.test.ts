import { afterEach, describe, expect, it } from "vitest";
import "../src/main";
import { isLost, messageOf, RequestError } from "../src/errors";
import { button, openView, settled, ViewHome } from "./home";

const LOST = { type: "result", success: false, error: { code: 3, message: "Connection lost" } };

afterEach(() => document.body.replaceChildren());

describe("an error in words", () => {
  it.each([
    ["what the integration says", { code: "store_full", message: "The disk is full." }, "The disk is full."],
    ["what the page says", new Error("Too large."), "Too large."],
    ["a connection that was lost under it", LOST, "error.connection"],
    ["no connection", 3, "error.connection"],
    ["a browser that reaches nobody", new TypeError("Failed to fetch"), "error.connection"],
    ["an upload that ended", RequestError.lost(), "error.connection"],
    ["an upload without a login", RequestError.ofStatus(401, "Unauthorized"), "error.login"],
    ["an upload that a proxy refused", RequestError.ofStatus(413, "Content Too Large"), "Content Too Large"],
    ["a login that is no longer right", 2, "error.login"],
    ["no administrator", { code: "unauthorized", message: "Unauthorized" }, "error.login"],
    ["an integration that is not there", { code: "unknown_command", message: "Unknown command." }, "error.not_running"],
    ["an error of Home Assistant", { code: "unknown_error", message: "Unknown error" }, "error.unknown"],
    ["nothing", undefined, "error.unknown"],
    ["anything", { some: "thing" }, "error.unknown"],
  ])("is of %s", (_, error, words) => {
    expect(messageOf(error, (key) => key)).toBe(words);
    expect(isLost(error)).toBe(words === "error.connection");
  });
});

it.each([
  ["/snapshots", "snapshots/list"],
  ["/packages", "packages/install_again"],
])("%s goes on as soon as Home Assistant answers again", async (path, command) => {
  const home = new ViewHome();
  home.refusals[command] = LOST;
  const view = await openView(home, path);
  await home.send("packages/subscribe", {
    packages: [],
    catalogue: [],
    absent: true,
    recipes: [],
    now: null,
    last: null,
  });
  button(view, "packages.install_again")?.click();
  await settled();
  expect(view.querySelector("ha-alert")?.textContent).toBe("error.connection");
  home.answers[command] = { snapshots: [], problems: [], has_own_key: false };
  await home.reconnect();
  expect(view.querySelector("ha-alert")).toBeNull();
});

it("waits for nothing once it is left", async () => {
  const home = new ViewHome();
  home.refusals["snapshots/list"] = LOST;
  await openView(home, "/snapshots");
  document.body.replaceChildren();
  await home.reconnect();
  expect(home.asked.filter(({ type }) => type === "ha_device_backups/snapshots/list").length).toBe(1);
});

it.each([
  ["button", 1, 1],
  ["button", 2, 0],
  ["a", 2, 0],
  ["summary", 2, 1],
])("of %s takes click %i %i times", async (name, detail, times) => {
  const view = await openView(new ViewHome(), "/import");
  const pressed = document.createElement(name);
  let count = 0;
  pressed.addEventListener("click", () => count++);
  view.append(pressed);
  pressed.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, detail }));
  expect(count).toBe(times);
});
