/** The address holds what is shown: /, /device/KEY, /device/KEY/restore/BACKUP, /device/KEY/compare/OLDER/NEWER
 * (without NEWER: with the device as it is now). */

export type View =
  | { name: "overview" }
  | { name: "device"; key: string }
  | { name: "restore"; key: string; backup: string | null; source: string | null }
  | { name: "compare"; key: string; older: string; newer: string | null };

export function parseView(path: string): View {
  const [room, key, action, first, second] = path.split("/").filter(Boolean).map(decode);
  if (room !== "device" || !key) {
    return { name: "overview" };
  }
  if (action === "restore") {
    return { name: "restore", key, backup: first ?? null, source: second ?? null };
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
    case "restore":
      return join("device", view.key, "restore", view.backup, view.source);
    case "compare":
      return join("device", view.key, "compare", view.older, view.newer);
  }
}

/** Show another view; the browser's Back leads here again. */
export function navigate(prefix: string, view: View, replace = false): void {
  const url = prefix + pathOf(view);
  if (replace) {
    history.replaceState(null, "", url);
  } else {
    history.pushState(null, "", url);
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
