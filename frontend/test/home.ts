/** A Home Assistant in front of which views of the page stand: it answers, and keeps what it was asked. */

import type { HomeAssistant } from "../src/home-assistant";

const UNKNOWN_COMMAND = { code: "unknown_command", message: "Unknown command." };

export class ViewHome {
  asked: Record<string, unknown>[] = [];
  answers: Record<string, unknown> = {};
  /** What a connection says that was lost under a command. */
  refusals: Record<string, unknown> = {};
  /** Whether it was just started, and knows none of our commands yet. */
  isStarting = false;
  /** What is followed, once for each who does. */
  readonly open: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly followers = new Map<string, (message: unknown) => void>();

  readonly hass = {
    language: "en",
    locale: { language: "en", time_format: "24", time_zone: "server" },
    config: { time_zone: "UTC" },
    localize: (key: string) => key,
    loadBackendTranslation: () =>
      Promise.resolve((key: string, values?: Record<string, unknown>) =>
        [key.replace("component.ha_device_backups.config_panel.", ""), ...Object.values(values ?? {})].join(" "),
      ),
    hassUrl: (path: string) => path,
    callWS: (command: { type: string }) => {
      this.asked.push(command);
      const name = command.type.replace("ha_device_backups/", "");
      // As a connection of Home Assistant refuses a command.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      if (this.isStarting) return Promise.reject(UNKNOWN_COMMAND);
      // As a connection of Home Assistant refuses a command.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return name in this.refusals ? Promise.reject(this.refusals[name]) : Promise.resolve(this.answers[name] ?? {});
    },
    connection: {
      subscribeMessage: (handle: (message: never) => void, { type }: { type: string }) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        if (this.isStarting) return Promise.reject(UNKNOWN_COMMAND);
        const subject = type.replace("ha_device_backups/", "");
        this.followers.set(subject, handle as (message: unknown) => void);
        this.open.push(subject);
        if (type.endsWith("devices/subscribe")) {
          handle({ devices: [] } as never);
        }
        return Promise.resolve(() => {
          this.open.splice(this.open.indexOf(subject), 1);
          return Promise.resolve();
        });
      },
      addEventListener: (_: string, handle: () => void) => this.waiting.add(handle),
      removeEventListener: (_: string, handle: () => void) => this.waiting.delete(handle),
    },
  } as unknown as HomeAssistant;

  async send(subject: string, message: unknown): Promise<void> {
    this.followers.get(subject)?.(message);
    await settled();
  }

  /** The connection is there again. */
  async reconnect(): Promise<void> {
    this.refusals = {};
    for (const handle of [...this.waiting]) {
      handle();
    }
    await settled();
  }

  /** It ends, and is there again, at first without our part. */
  async restart(): Promise<void> {
    this.followers.clear();
    this.isStarting = true;
    await this.reconnect();
  }

  count(command: string): number {
    return this.asked.filter(({ type }) => type === `ha_device_backups/${command}`).length;
  }

  isFollowed(subject: string): boolean {
    return this.followers.has(subject);
  }

  last(command: string): Record<string, unknown> | undefined {
    return this.asked.findLast(({ type }) => type === `ha_device_backups/${command}`);
  }
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Open a view by its address. */
export async function openView(home: ViewHome, path: string): Promise<ShadowRoot> {
  const panel = Object.assign(document.createElement("device-backups-panel"), {
    hass: home.hass,
    route: { prefix: "/device-backups", path },
  });
  document.body.append(panel);
  await settled();
  const view = panel.shadowRoot?.querySelector("main > *");
  return view?.shadowRoot as ShadowRoot;
}

export function button(view: ShadowRoot, text: string): HTMLElement | undefined {
  return [...view.querySelectorAll<HTMLElement>("ha-button")].find((one) => one.textContent.trim().startsWith(text));
}
