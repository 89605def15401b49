import { describe, expect, it } from "vitest";
import { bytes, dateTime, distinctTimes, dotted, localeOf, since, until } from "../src/format";
import type { HomeAssistant } from "../src/home-assistant";

const NOW = new Date("2026-03-01T12:00:00Z");

function berlin(language: string) {
  return { language, timeZone: "Europe/Berlin", hourCycle: undefined };
}

describe("since", () => {
  it.each([
    ["2026-03-01T11:59:30Z", "now", "jetzt"],
    ["2026-03-01T11:58:00Z", "2 minutes ago", "vor 2 Minuten"],
    ["2026-02-27T12:00:00Z", "2 days ago", "vorgestern"],
    ["2026-02-10T12:00:00Z", "3 weeks ago", "vor 3 Wochen"],
    ["2026-02-20T12:00:00Z", "1 week ago", "vor 1 Woche"],
    ["2024-02-28T12:00:00Z", "2 years ago", "vor 2 Jahren"],
  ])("tells %s in words", (iso, english, german) => {
    expect([since(iso, NOW, berlin("en")), since(iso, NOW, berlin("de"))]).toEqual([english, german]);
  });
});

it("tells what is to come", () => {
  expect(until("2026-03-01T14:00:00Z", NOW, berlin("de"))).toBe("in 2 Stunden");
});

it.each([
  ["2026-11-30T02:58:00Z", "in 6 hours"],
  ["2026-11-30T20:59:00Z", "in 24 hours"],
  ["2026-11-30T21:01:00Z", "tomorrow"],
  ["2026-12-01T03:05:00Z", "in 2 days"],
  ["2026-12-01T23:05:00Z", "in 3 days"],
])("rounds, and counts the days of the calendar in the home's zone until %s", (iso, english) => {
  expect(until(iso, new Date("2026-11-29T21:01:00Z"), berlin("en"))).toBe(english);
});

it("never says today of what is 24 hours away in the longest day", () => {
  expect(until("2026-10-25T22:30:00Z", new Date("2026-10-24T22:10:00Z"), berlin("en"))).toBe("in 24 hours");
});

it("tells nothing that cannot be where the clock of the browser is wrong", () => {
  expect(since("2026-03-01T14:30:00Z", NOW, berlin("en"))).toBe("now");
  expect(until("2026-03-01T09:30:00Z", NOW, berlin("en"))).toBe("now");
});

describe("bytes", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [12_345, "12.3 kB"],
    [30_000_000, "30 MB"],
  ])("tells %d as %s", (size, text) => {
    expect(bytes(size, "en")).toBe(text.replace(" ", "\u00a0"));
  });
});

const LATE = "2026-03-01T23:30:00Z";

function profile(locale: Partial<HomeAssistant["locale"]>) {
  const chosen = { language: "en", time_format: "language", time_zone: "server", ...locale } as const;
  return localeOf({ locale: chosen, config: { time_zone: "Europe/Berlin" } });
}

it.each([
  ["language", "en", "Mar 2, 2026, 12:30 AM"],
  ["24", "en", "Mar 2, 2026, 00:30"],
  ["12", "de", "02.03.2026, 12:30 AM"],
  ["language", "de", "02.03.2026, 00:30"],
] as const)("tells a time in the home's zone, hours as %s has it in %s", (time_format, language, text) => {
  expect(dateTime(LATE, profile({ language, time_format })).replaceAll("\u202f", " ")).toBe(text);
});

it("tells a time in the zone of the browser to those who chose that", () => {
  const local = new Intl.DateTimeFormat("de", { dateStyle: "medium", timeStyle: "short" }).format(new Date(LATE));
  expect(dateTime(LATE, profile({ language: "de", time_zone: "local" }))).toBe(local);
});

it("has hours as the system has them for those who chose that", () => {
  expect(["h12", "h23"]).toContain(profile({ time_format: "system" }).hourCycle);
});

it("tells the seconds of times in one minute, and of no others", () => {
  const [first, second, other] = ["2026-03-01T12:00:01Z", "2026-03-01T12:00:59Z", "2026-03-01T12:01:00Z"];
  expect([...distinctTimes([first, second, other], { language: "de", timeZone: "UTC", hourCycle: undefined })]).toEqual(
    [
      [first, "01.03.2026, 12:00:01"],
      [second, "01.03.2026, 12:00:59"],
      [other, "01.03.2026, 12:01"],
    ],
  );
});

it("breaks no line before the dot between two facts", () => {
  expect(dotted(["0.15.3", null, "", false, "5 kB"])).toBe("0.15.3\u00a0· 5 kB");
});
