/** What went wrong, in words: of the integration they come with the error, of all around it they are here. */

import type { Texts } from "./texts";

/** The numbers by which the connection to Home Assistant says why there is no answer. */
const CANNOT_CONNECT = 1;
const LOGIN_REFUSED = 2;
const CONNECTION_LOST = 3;

/** Home Assistant's own codes, of which the message is for programmers. */
const WORDS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [CANNOT_CONNECT, "error.connection"],
  [CONNECTION_LOST, "error.connection"],
  [LOGIN_REFUSED, "error.login"],
  ["unauthorized", "error.login"],
  ["unknown_command", "error.not_running"],
  ["invalid_format", "error.unknown"],
  ["unknown_error", "error.unknown"],
]);

/** A request that ended without an answer of Home Assistant, or with none in words. */
export class RequestError extends Error {
  constructor(
    readonly code: number | string,
    message = "",
  ) {
    super(message);
  }

  static lost(): RequestError {
    return new RequestError(CONNECTION_LOST);
  }

  static ofStatus(status: number, message: string): RequestError {
    return new RequestError(status === 401 || status === 403 ? "unauthorized" : status, message);
  }
}

/** The code of an error: of a refused command, or of a connection that was lost under it. */
export function codeOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) {
    return error;
  }
  const { code, error: inner } = error as { code?: unknown; error?: unknown };
  // A browser that reaches nobody says no more than that.
  return code ?? (inner === undefined ? (error instanceof TypeError ? CONNECTION_LOST : undefined) : codeOf(inner));
}

/** Whether Home Assistant was out of reach: what was asked may be asked again. */
export function isLost(error: unknown): boolean {
  return WORDS.get(codeOf(error)) === "error.connection";
}

/** Whether our part of Home Assistant does not answer (yet): it may just have been started. */
export function isNotRunning(error: unknown): boolean {
  return codeOf(error) === "unknown_command";
}

export function messageOf(error: unknown, texts: Texts): string {
  const words = WORDS.get(codeOf(error));
  const message = (error as { message?: unknown } | null | undefined)?.message;
  if (words === undefined && typeof message === "string" && message) {
    return message;
  }
  return texts(words ?? "error.unknown");
}
