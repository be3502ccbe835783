/** Calendar dates and times of day in a named time zone; the function itself runs in UTC. */

export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/**
 * Zones that have kept one offset since a known moment. Making an Intl.DateTimeFormat costs 12 ms once, more than all
 * else that a first call does; China has had no summer time since 1991.
 */
const FIXED: Record<string, { sinceMs: number; offsetMs: number }> = {
  "Asia/Shanghai": { sinceMs: Date.UTC(1992, 0, 1), offsetMs: 8 * 3_600_000 },
  UTC: { sinceMs: Number.NEGATIVE_INFINITY, offsetMs: 0 },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError for a zone that the runtime does not know. */
export function checkZone(zone: string): void {
  formatterOf(zone);
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    // hourCycle, because hour12: false prints midnight as 24 on older runtimes.
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** What the clocks of `zone` show at `epochMs`. */
export function localTimeAt(epochMs: number, zone: string): LocalTime {
  const fixed = FIXED[zone];
  return fixed !== undefined && epochMs >= fixed.sinceMs
    ? fromUtc(epochMs + fixed.offsetMs)
    : localTimeByIntl(epochMs, zone);
}

function fromUtc(epochMs: number): LocalTime {
  const date = new Date(epochMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

export function localTimeByIntl(epochMs: number, zone: string): LocalTime {
  const found: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(epochMs)) {
    if (type !== "literal") found[type] = Number(value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  return { year, month, day, hour: hour % 24, minute, second };
}

/** Offset of `zone` from UTC at `epochMs`, in milliseconds: 28,800,000 in Shanghai. */
export function offsetMsAt(epochMs: number, zone: string): number {
  const local = localTimeAt(epochMs, zone);
  return utcOf(local) - Math.floor(epochMs / 1000) * 1000;
}

/** The instant at which the clocks of `zone` show `local`; the earlier one where they show it twice. */
export function epochMsOf(local: LocalTime, zone: string): number {
  const asUtc = utcOf(local);
  const before = asUtc - offsetMsAt(asUtc - 86_400_000, zone);
  const after = asUtc - offsetMsAt(asUtc + 86_400_000, zone);
  return offsetMsAt(before, zone) === asUtc - before ? before : after;
}

function utcOf({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** False for 2023-02-30, 24:00, and whatever else no calendar and clock show. */
export function exists(local: LocalTime): boolean {
  const shown = fromUtc(utcOf(local));
  return (Object.keys(shown) as (keyof LocalTime)[]).every((part) => shown[part] === local[part]);
}

export function dateText({ year, month, day }: LocalTime): string {
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export function timeText({ hour, minute, second }: LocalTime): string {
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `+08:00`. */
export function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
