/** Dates, ages and sizes, as people write them in their language; pure. */

import type { HomeAssistant } from "./home-assistant";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Longer than days, by how many of them they are. */
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365],
  ["month", 30],
  ["week", 7],
];

export interface Locale {
  language: string;
  /** Nothing is the zone of the browser. */
  timeZone: string | undefined;
  /** Nothing is what the language has. */
  hourCycle: "h12" | "h23" | undefined;
}

/** What a person chose in their profile. */
export function localeOf({ locale, config }: Pick<HomeAssistant, "locale" | "config">): Locale {
  return {
    language: locale.language,
    timeZone: locale.time_zone === "server" ? config.time_zone : undefined,
    hourCycle: hourCycleOf(locale.time_format),
  };
}

function hourCycleOf(format: HomeAssistant["locale"]["time_format"]): Locale["hourCycle"] {
  if (format === "system") {
    return new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).resolvedOptions().hour12 ? "h12" : "h23";
  }
  return format === "12" ? "h12" : format === "24" ? "h23" : undefined;
}

/** Formats by what they are of: making one takes longer than a hundred uses of it. */
function kept<Values extends unknown[], Format>(make: (...values: Values) => Format): (...values: Values) => Format {
  const formats = new Map<string, Format>();
  return (...values) => {
    const key = JSON.stringify(values);
    const format = formats.get(key) ?? make(...values);
    formats.set(key, format);
    return format;
  };
}

const dates = kept(
  ({ language, timeZone, hourCycle }: Locale, timeStyle: "short" | "medium") =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle, timeZone, hourCycle }),
);
// Swedish dates are those of ISO 8601.
const days = kept((timeZone: string | undefined) => new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone }));
const ages = kept((language: string, numeric: "always" | "auto") => new Intl.RelativeTimeFormat(language, { numeric }));
const sizes = kept(
  (language: string, unit: string) =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit,
      // "999 byte" otherwise: only the long form has a plural.
      unitDisplay: unit === "byte" ? "long" : "short",
      maximumFractionDigits: unit === "byte" ? 0 : 1,
    }),
);

export function dateTime(iso: string, locale: Locale): string {
  return dates(locale, "short").format(new Date(iso));
}

/** Times that stand beside each other, by themselves: those of one minute have seconds. */
export function distinctTimes(isos: readonly string[], locale: Locale): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const iso of isos) {
    const short = dateTime(iso, locale);
    counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  return new Map(
    isos.map((iso) => {
      const short = dateTime(iso, locale);
      const isShared = (counts.get(short) ?? 0) > 1;
      return [iso, isShared ? dates(locale, "medium").format(new Date(iso)) : short];
    }),
  );
}

/** "3 hours ago"; less than a minute is "now", and so is what lies ahead of a clock that is wrong. */
export function since(iso: string, now: Date, locale: Locale): string {
  const then = new Date(iso);
  return relative(then < now ? then : now, now, locale);
}

/** "in 2 days"; what is due is "now". */
export function until(iso: string, now: Date, locale: Locale): string {
  const then = new Date(iso);
  return relative(then > now ? then : now, now, locale);
}

/** Rounded; from a day on it is the calendar that counts: "tomorrow" is the next date. */
function relative(then: Date, now: Date, { language, timeZone }: Locale): string {
  const seconds = (then.getTime() - now.getTime()) / 1000;
  const age = Math.abs(seconds);
  const named = ages(language, "auto");
  if (age < MINUTE) {
    return named.format(0, "second");
  }
  if (Math.round(age / MINUTE) < 60) {
    return named.format(Math.round(seconds / MINUTE), "minute");
  }
  const count = dayOf(then, timeZone) - dayOf(now, timeZone);
  if (age < DAY || count === 0) {
    return named.format(Math.round(seconds / HOUR), "hour");
  }
  const unit = UNITS.find(([, length]) => Math.abs(count) >= length);
  // "Last week" would be one of the calendar.
  return unit ? ages(language, "always").format(Math.round(count / unit[1]), unit[0]) : named.format(count, "day");
}

/** The number of a date in a zone: those of two days that follow each other differ by one. */
function dayOf(time: Date, timeZone: string | undefined): number {
  return Date.parse(days(timeZone).format(time)) / (DAY * 1000);
}

/** Short facts beside each other, without those that are not there; a line ends after a dot, never before one. */
export function dotted(facts: readonly (string | false | null | undefined)[]): string {
  return facts.filter(Boolean).join("\u00a0· ");
}

export function bytes(size: number, language: string): string {
  const [unit, length] =
    size >= 1e6 ? (["megabyte", 1e6] as const) : size >= 1e3 ? (["kilobyte", 1e3] as const) : (["byte", 1] as const);
  // A number does not stand alone at the end of a line.
  return sizes(language, unit)
    .format(size / length)
    .replaceAll(" ", "\u00a0");
}
