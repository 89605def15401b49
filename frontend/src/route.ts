/** The address holds what is shown: /, /snapshots, /power-cut, /import, /packages, /device/KEY, /device/KEY/restore/BACKUP, /device/KEY/compare/OLDER/NEWER
 * (without NEWER: with the device as it is now). Links from elsewhere are made by `page_paths.py` of the integration. */

import type { Place } from "./place";

/** Stands for the recommended backup, where another device's is meant. */
const RECOMMENDED = "recommended";

/** The views that are about all devices. */
export const WAYS = ["snapshots", "power-cut", "import", "packages"] as const;
export type Way = (typeof WAYS)[number];

export type View =
  | { name: "overview" }
  | { name: Way }
  | { name: "device"; key: string }
  | { name: "restore"; key: string; backup: string | null; source: string | null }
  | { name: "compare"; key: string; older: string; newer: string | null };

export function parseView(path: string): View {
  const [room, key, action, first, second] = path.split("/").filter(Boolean).map(decode);
  const way = WAYS.find((name) => name === room);
  if (way) {
    return { name: way };
  }
  if (room !== "device" || !key) {
    return { name: "overview" };
  }
  if (action === "restore") {
    return { name: "restore", key, backup: first === RECOMMENDED ? null : (first ?? null), source: second ?? null };
  }
  if (action === "compare" && first) {
    return { name: "compare", key, older: first, newer: second ?? null };
  }
  return { name: "device", key };
}

export function pathOf(view: View): string {
  switch (view.name) {
    case "overview":
      return "/";
    case "device":
      return join("device", view.key);
    case "snapshots":
    case "power-cut":
    case "import":
    case "packages":
      return join(view.name);
    case "restore":
      return join("device", view.key, "restore", view.backup ?? (view.source && RECOMMENDED), view.source);
    case "compare":
      return join("device", view.key, "compare", view.older, view.newer);
  }
}

const FROM_HERE = "fromDeviceBackups";

/** The name of the view of this page that led to what is shown; a link from elsewhere has none. */
function cameFrom(): unknown {
  return stateOfHistory()[FROM_HERE];
}

function stateOfHistory(): Record<string, unknown> {
  return (history.state as Record<string, unknown> | null) ?? {};
}

const PLACE = "placeOfDeviceBackups";

/** Where the person was in what is shown, before they left it. */
export function keptPlace(): Place | null {
  return (stateOfHistory()[PLACE] as Place | undefined) ?? null;
}

export function keepPlace(place: Place): void {
  history.replaceState({ ...stateOfHistory(), [PLACE]: place }, "");
}

const SEARCH = "searchOfDeviceBackups";

/** What is shown of the list of devices: it is there again after Back. */
export interface Search {
  words: string;
  onlyProblems: boolean;
}

export function keptSearch(): Search {
  return { words: "", onlyProblems: false, ...(stateOfHistory()[SEARCH] as Partial<Search> | undefined) };
}

export function keepSearch(search: Search): void {
  history.replaceState({ ...stateOfHistory(), [SEARCH]: search }, "");
}

/** Leave what was opened from somewhere: to where the person came from, else to what it belongs to. */
export function goBack(prefix: string, view: View): void {
  const before = cameFrom();
  const isPart = view.name === "restore" || view.name === "compare";
  if (isPart ? before !== undefined : before === above(view).name) {
    history.back();
  } else {
    navigate(prefix, above(view));
  }
}

function above(view: View): View {
  return view.name === "restore" || view.name === "compare" ? { name: "device", key: view.key } : { name: "overview" };
}

/** Show another view; the browser's Back leads here again. */
export function navigate(prefix: string, view: View, replace = false): void {
  const url = prefix + pathOf(view);
  if (replace) {
    history.replaceState(history.state, "", url);
  } else {
    const before = parseView(location.pathname.slice(prefix.length)).name;
    history.pushState({ [FROM_HERE]: before }, "", url);
  }
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace } }));
}

function join(...parts: (string | null)[]): string {
  return (
    "/" +
    parts
      .filter((part) => part !== null)
      .map(encodeURIComponent)
      .join("/")
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
