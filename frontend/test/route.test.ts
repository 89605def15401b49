import { describe, expect, it } from "vitest";
import { parseView, pathOf, WAYS, type View } from "../src/route";

const VIEWS: View[] = [
  { name: "overview" },
  ...WAYS.map((name) => ({ name })),
  { name: "device", key: "wled:a0b1/c?d #%" },
  { name: "restore", key: "wled:a0b1", backup: null, source: null },
  { name: "restore", key: "wled:a0b1", backup: "2026/1", source: null },
  { name: "restore", key: "wled:a0b1", backup: "1", source: "wled:old one" },
  { name: "restore", key: "wled:a0b1", backup: null, source: "wled:old one" },
  { name: "compare", key: "wled:a0b1", older: "1", newer: "2" },
  { name: "compare", key: "wled:a0b1", older: "1", newer: null },
];

describe("an address", () => {
  it.each(VIEWS)("leads back to its view %j", (view) => {
    expect(parseView(pathOf(view))).toEqual(view);
  });

  it.each(["", "/", "/nothing", "/device", "/device/", "//"])("that says nothing shows the overview: %j", (path) => {
    expect(parseView(path)).toEqual({ name: "overview" });
  });

  it("with a spoiled escape is taken as it is", () => {
    expect(parseView("/device/%zz")).toEqual({ name: "device", key: "%zz" });
  });
});
