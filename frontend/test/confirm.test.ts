import { afterEach, expect, it } from "vitest";
import "../src/main";
import { ConfirmDialog } from "../src/elements/confirm";
import { settled } from "./home";

afterEach(() => document.body.replaceChildren());

function shown(): ConfirmDialog {
  const asking = new ConfirmDialog();
  document.body.append(asking);
  return asking;
}

function dialog(asking: ConfirmDialog): HTMLDialogElement | null {
  return asking.renderRoot.querySelector("dialog");
}

it("agrees only by the button that says what will be done", async () => {
  const asking = shown();
  for (const [name, isAgreed] of [
    ["button.danger", true],
    ["button[autofocus]", false],
  ] as const) {
    const answer = asking.ask();
    await settled();
    dialog(asking)?.querySelector<HTMLElement>(name)?.click();
    expect(await answer).toBe(isAgreed);
    await settled();
    expect(dialog(asking)).toBeNull();
  }
});

it("keeps the next question when the browser tells late that the one before was left", async () => {
  const asking = shown();
  const left = asking.ask();
  await settled();
  dialog(asking)?.removeAttribute("open");
  const next = asking.ask();
  await settled();
  dialog(asking)?.dispatchEvent(new Event("close"));
  await settled();
  expect(await left).toBe(false);
  expect(dialog(asking)?.open).toBe(true);
  dialog(asking)?.querySelector<HTMLElement>("button.danger")?.click();
  expect(await next).toBe(true);
});

it("takes it quietly when the browser tells late that an answered question was closed", async () => {
  const asking = shown();
  const answer = asking.ask();
  await settled();
  const left = dialog(asking);
  left?.querySelector<HTMLElement>("button.danger")?.click();
  expect(await answer).toBe(true);
  await settled();
  const problems: ErrorEvent[] = [];
  const keep = (problem: ErrorEvent) => problems.push(problem);
  window.addEventListener("error", keep);
  left?.dispatchEvent(new Event("close"));
  window.removeEventListener("error", keep);
  expect(problems).toEqual([]);
});
