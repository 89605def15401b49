import { expect, it } from "vitest";
import { toast } from "../src/home-assistant";

it("shows a message for as long as it takes to read", () => {
  const place = document.createElement("div");
  const shown: unknown[] = [];
  place.addEventListener("hass-notification", (event) => shown.push((event as CustomEvent).detail));
  const long = "a".repeat(200);
  toast(place, "Done.");
  toast(place, long);
  expect(shown).toEqual([
    { message: "Done.", duration: 4000 },
    { message: long, duration: 12_000 },
  ]);
});
