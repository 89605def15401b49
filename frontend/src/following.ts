/** Following something through lost lines and restarts of Home Assistant: once it is back, everything is told anew. */

import { isNotRunning } from "./errors";
import type { Connection } from "./home-assistant";

type Leave = () => Promise<void>;

/** Until a Home Assistant that has just been started knows our commands. */
export const PAUSE_MILLISECONDS = 2000;

export class Following {
  private leave: Leave | null = null;
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Begin at once; `failed` is told each time that it does not begin, `begun` each time that it does. */
  constructor(
    private readonly connection: Connection,
    private readonly begin: () => Promise<Leave>,
    private readonly failed: (error: unknown) => void,
    private readonly begun: () => void = () => undefined,
  ) {
    connection.addEventListener("ready", this.again);
    void this.start();
  }

  end(): void {
    this.connection.removeEventListener("ready", this.again);
    clearTimeout(this.timer);
    this.turn = -1;
    void this.leave?.().catch(() => undefined);
    this.leave = null;
  }

  /** What was followed is gone with its connection: to leave it would end what took its number. */
  private readonly again = (): void => {
    this.leave = null;
    void this.start();
  };

  private async start(): Promise<void> {
    const turn = ++this.turn;
    clearTimeout(this.timer);
    try {
      const leave = await this.begin();
      if (turn === this.turn) {
        this.leave = leave;
        this.begun();
      } else if (this.turn < 0) {
        await leave();
      }
    } catch (error) {
      if (turn !== this.turn) {
        return;
      }
      this.failed(error);
      if (isNotRunning(error)) {
        this.timer = setTimeout(() => void this.start(), PAUSE_MILLISECONDS);
      }
    }
  }
}
