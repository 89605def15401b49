/** What this page uses of Home Assistant's frontend. */

export type Values = Record<string, string | number>;

export interface Connection {
  // Whoever follows a command knows what it sends.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  subscribeMessage<Message>(
    handle: (message: Message) => void,
    command: { type: string; [key: string]: unknown },
    options: { resubscribe: false },
  ): Promise<() => Promise<void>>;
  addEventListener(event: "ready", handle: () => void): void;
  removeEventListener(event: "ready", handle: () => void): void;
}

export interface HomeAssistant {
  language: string;
  /** As the person chose it in their profile. */
  locale: {
    language: string;
    time_format: "language" | "system" | "12" | "24";
    time_zone: "local" | "server";
  };
  config: { time_zone: string };
  themes?: { darkMode: boolean };
  connection: Connection;
  localize(key: string, values?: Values): string;
  loadBackendTranslation(category: string, integration: string): Promise<HomeAssistant["localize"]>;
  callWS<Answer>(command: { type: string; [key: string]: unknown }): Promise<Answer>;
  hassUrl(path: string): string;
  auth: { accessToken: string; expired: boolean; refreshAccessToken(): Promise<void> };
}

export interface Route {
  prefix: string;
  path: string;
}

/** What a refused command says; the message is in the person's language. */
export interface CommandError {
  code: string;
  message: string;
}

const SHORTEST_TOAST_MILLISECONDS = 4000;
const MILLISECONDS_PER_CHARACTER = 60;

/** Show a message at the bottom of the screen, for as long as it takes to read. */
export function toast(origin: EventTarget, message: string): void {
  const duration = Math.max(SHORTEST_TOAST_MILLISECONDS, message.length * MILLISECONDS_PER_CHARACTER);
  const detail = { message, duration };
  origin.dispatchEvent(new CustomEvent("hass-notification", { detail, bubbles: true, composed: true }));
}
