/** Where the keyboard is, through all shadow roots; and where it goes on when what had it is gone. */

export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
  }
  return element;
}

/** Whether nothing has the keyboard: a person would have to begin at the top of the page again. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Begin at a heading, which a screen reader reads out. */
export function focusHeading(root: ParentNode | null | undefined, selector = "h1"): void {
  root?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: selector === "h1" });
}
