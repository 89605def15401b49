import { describe, expect, it } from "vitest";
import { age, bytes, dateTime } from "../src/format";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("age", () => {
  it.each([
    ["2026-03-01T11:59:30Z", "now", "jetzt"],
    ["2026-03-01T11:58:00Z", "2 minutes ago", "vor 2 Minuten"],
    ["2026-03-01T14:30:00Z", "in 2 hours", "in 2 Stunden"],
    ["2026-02-27T12:00:00Z", "2 days ago", "vorgestern"],
    ["2026-02-10T12:00:00Z", "2 weeks ago", "vor 2 Wochen"],
    ["2024-02-28T12:00:00Z", "2 years ago", "vor 2 Jahren"],
  ])("tells %s in words", (iso, english, german) => {
    expect([age(iso, NOW, "en"), age(iso, NOW, "de")]).toEqual([english, german]);
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 byte"],
    [999, "999 byte"],
    [1000, "1 kB"],
    [12_345, "12.3 kB"],
    [30_000_000, "30 MB"],
  ])("tells %d as %s", (size, text) => {
    expect(bytes(size, "en")).toBe(text);
  });
});

it("tells a time in the home's zone", () => {
  expect(dateTime("2026-03-01T23:30:00Z", { language: "de", timeZone: "Europe/Berlin" })).toBe("02.03.2026, 00:30");
});
