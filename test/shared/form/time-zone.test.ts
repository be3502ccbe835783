import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkZone,
  epochMsOf,
  exists,
  localTimeAt,
  localTimeByIntl,
  offsetMsAt,
  offsetText,
} from "../../../shared/form/time-zone";
import { counted } from "../../helpers/counts";

const anyMs = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 11, 31) });

describe("the time in a zone", () => {
  it.each(["Asia/Shanghai", "UTC"])("without Intl is what Intl says, in %s", (zone) => {
    fc.assert(
      fc.property(anyMs, (epochMs) => {
        expect(localTimeAt(epochMs, zone)).toEqual(localTimeByIntl(epochMs, zone));
      }),
      { numRuns: counted(20_000) },
    );
  });

  it.each(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"])("goes there and back in %s", (zone) => {
    fc.assert(
      fc.property(anyMs, (epochMs) => {
        const local = localTimeAt(epochMs, zone);
        // A time that clocks show twice is read as the earlier one.
        expect(localTimeAt(epochMsOf(local, zone), zone)).toEqual(local);
      }),
      { numRuns: counted(4_000) },
    );
  });

  it("has the offset that the zone had then", () => {
    expect(offsetText(offsetMsAt(Date.UTC(2026, 0, 1), "Asia/Shanghai"))).toBe("+08:00");
    expect(offsetText(offsetMsAt(Date.UTC(1988, 6, 1), "Asia/Shanghai"))).toBe("+09:00");
    expect(offsetText(offsetMsAt(Date.UTC(2026, 6, 1), "America/New_York"))).toBe("-04:00");
  });
});

it("a zone that there is not is refused", () => {
  expect(() => checkZone("Asia/Shanghi")).toThrow(RangeError);
});

it("a date that no calendar shows does not exist", () => {
  const at = { year: 2023, month: 2, day: 28, hour: 0, minute: 0, second: 0 };
  expect(exists(at)).toBe(true);
  expect(exists({ ...at, day: 29 })).toBe(false);
  expect(exists({ ...at, hour: 24 })).toBe(false);
});
