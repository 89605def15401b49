/** What a person began and Home Assistant has not answered yet: on a slow line it is told, and not begun again. */

export class Work extends EventTarget {
  private running = 0;

  get isRunning(): boolean {
    return this.running > 0;
  }

  async during(action: () => Promise<unknown>): Promise<void> {
    this.count(1);
    try {
      await action();
    } finally {
      this.count(-1);
    }
  }

  private count(more: number): void {
    this.running += more;
    this.dispatchEvent(new Event("change"));
  }
}

/** Of the page: a view that is left may still wait for its answer. */
export const work = new Work();
