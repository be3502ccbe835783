/** Calendar dates and moments -> the days and milliseconds that CoreHR counts from 1970, as numbers. */

const DAY_MS = 86_400_000;
/** Gregorian dates repeat after 400 years: Date.UTC takes the years 0 to 99 for 1900 to 1999. */
const CYCLE = { years: 400, days: 146_097 };
/** The year 0 to the year 9999. */
const MOMENTS_MS = { first: -62_167_219_200_000, last: 253_402_300_799_999 };
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * 9 or 10 digits are seconds: as milliseconds they would lie in the first four months of 1970, as seconds from 1973 on.
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */
const SECONDS = { from: 100_000_000, below: 10_000_000_000 };

/** Days from 1970-01-01 to `YYYY-MM-DD`, from the calendar and no clock; `undefined` for what no calendar shows. */
export function daysOf(text: string): number | undefined {
  if (text.length !== 10 || text[4] !== "-" || text[7] !== "-") return undefined;
  return daysOfParts(digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10));
}

/** Digit by digit, because a pattern takes five times as long and a table can hold 100,000 dates; NaN for anything else. */
function digitsAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysOfParts(year: number, month: number, day: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : MONTH_DAYS[month - 1];
  if (last === undefined || !(day >= 1 && day <= last && year >= 0)) return undefined;
  return Date.UTC(year + CYCLE.years, month - 1, day) / DAY_MS - CYCLE.days;
}

/** Epoch milliseconds of a date and time with its offset; `undefined` for anything else. */
export function epochMsOfText(text: string): number | undefined {
  const found = MOMENT.exec(text);
  if (found === null) return undefined;
  const days = daysOfParts(Number(found[1]), Number(found[2]), Number(found[3]));
  if (days === undefined) return undefined;
  const [hour, minute, second = "0", fraction = ""] = found.slice(4, 8);
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offsetMinutes = Number(found[9] ?? 0) * 60 + Number(found[10] ?? 0);
  const local = days * DAY_MS + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000 + ms;
  return local - (found[8] === "-" ? -1 : 1) * offsetMinutes * 60_000;
}

/** Whether a number, or its digits, that should be epoch milliseconds is one of seconds. */
export function looksLikeSeconds(epochMs: number | string): boolean {
  const size = Math.abs(Number(epochMs));
  return size >= SECONDS.from && size < SECONDS.below;
}

/** False outside of the years 0 to 9999, where seconds multiplied twice land. */
export function isMoment(epochMs: number): boolean {
  return Number.isInteger(epochMs) && epochMs >= MOMENTS_MS.first && epochMs <= MOMENTS_MS.last;
}
