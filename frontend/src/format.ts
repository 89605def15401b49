/** Dates, ages and sizes, as people write them in their language; pure. */

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export interface Locale {
  language: string;
  timeZone: string;
}

export function dateTime(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale.language, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: locale.timeZone,
  }).format(new Date(iso));
}

/** "3 hours ago", "in 2 days"; less than a minute is "now". */
export function age(iso: string, now: Date, language: string): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", Infinity];
  return format.format(unit === "second" ? 0 : Math.trunc(seconds / length), unit);
}

export function bytes(size: number, language: string): string {
  const [unit, length] =
    size >= 1e6 ? (["megabyte", 1e6] as const) : size >= 1e3 ? (["kilobyte", 1e3] as const) : (["byte", 1] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: unit === "byte" ? 0 : 1,
  }).format(size / length);
}
