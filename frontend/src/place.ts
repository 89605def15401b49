/** Where a person was in a view: what they pressed, and how high on the screen it was. After Back they are there again. */

/** What does something at a click. */
const PRESSED = ["a", "button", "ha-button"];
const STEADY_FRAMES = 3;
const MOST_FRAMES = 600;
const TURNING_AWAY = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

export interface Place {
  name: string;
  top: number;
}

/** Whether it is something that does something at a click. */
export function isPressed(target: EventTarget): target is HTMLElement {
  return target instanceof HTMLElement && PRESSED.includes(target.localName);
}

/** The place of what was pressed in a view. */
export function placeOf(event: Event): Place | null {
  const pressed = event.composedPath().findLast(isPressed);
  return pressed ? { name: nameOf(pressed), top: pressed.getBoundingClientRect().top } : null;
}

/** Go to a place as soon as it is there; false where it does not come, or the person does something else before. */
export async function returnTo(place: Place, view: HTMLElement): Promise<boolean> {
  const end = new AbortController();
  for (const type of TURNING_AWAY) {
    addEventListener(type, () => end.abort(), { signal: end.signal, capture: true, passive: true });
  }
  let found: HTMLElement | undefined;
  let steady = 0;
  for (let frame = 0; frame < MOST_FRAMES && steady < STEADY_FRAMES; frame++) {
    if (end.signal.aborted || !view.isConnected) break;
    if (!found?.isConnected) {
      found = find(place.name, view);
      found?.focus({ preventScroll: true });
    }
    // What was out of sight has its own height only once it is in sight.
    steady = found && !moved(found, place.top) ? steady + 1 : 0;
    await new Promise(requestAnimationFrame);
  }
  end.abort();
  return found !== undefined;
}

/** Begin at the top of a view. */
export function scrollToTop(view: HTMLElement): void {
  scrollerOf(view)?.scrollTo({ top: 0, behavior: "instant" });
}

/** What scrolls around an element: the window, or a part of Home Assistant's frame. */
function scrollerOf(element: Element): Element | null {
  for (let one: Node | null = element; one; one = parentOf(one)) {
    if (
      one instanceof Element &&
      /auto|scroll/.test(getComputedStyle(one).overflowY) &&
      one.scrollHeight > one.clientHeight
    ) {
      return one;
    }
  }
  return document.scrollingElement;
}

function parentOf(node: Node): Node | null {
  return (
    (node instanceof Element ? node.assignedSlot : null) ??
    node.parentNode ??
    (node as Partial<ShadowRoot>).host ??
    null
  );
}

function find(name: string, view: HTMLElement): HTMLElement | undefined {
  const candidates = view.shadowRoot?.querySelectorAll<HTMLElement>(PRESSED.join()) ?? [];
  return [...candidates].find((element) => nameOf(element) === name);
}

/** Scroll, and return whether that did something. */
function moved(element: HTMLElement, top: number): boolean {
  const before = element.getBoundingClientRect().top;
  scrollerOf(element)?.scrollBy({ top: before - top, behavior: "instant" });
  return Math.abs(element.getBoundingClientRect().top - before) >= 1;
}

/** What is the same of it when the view is made anew: where it leads or how it is called, and in which row. */
function nameOf(element: HTMLElement): string {
  const own = element.getAttribute("href") ?? element.getAttribute("aria-label") ?? element.textContent.trim();
  const row = element.closest("[role=group]")?.getAttribute("aria-label") ?? "";
  return [element.localName, own, row].join(" ");
}
