/** The request log: what the stand-ins received, newest first, secrets masked. */
import { AsyncLocalStorage } from "node:async_hooks";
import { mask, outline } from "../shared/base/log";
import type { LocalClock } from "./clock";
import type { RequestRow } from "./console/wire";

export interface RequestLog {
  record(row: Omit<RequestRow, "at">): void;
  list(): RequestRow[];
  /** Runs `work` so that what is recorded meanwhile belongs to one call. */
  during<Result>(callId: string, work: () => Promise<Result>): Promise<Result>;
  /** What was recorded during that call, oldest first. */
  of(callId: string): RequestRow[];
  clear(): void;
}

const MAX_ROWS = 500;
/** Of a longer body only the outline is kept: 500 of them would fill the memory. */
const MAX_BODY_CHARS = 200_000;

export function createRequestLog(clock: LocalClock): RequestLog {
  const scope = new AsyncLocalStorage<string>();
  let rows: { callId: string | undefined; row: RequestRow }[] = [];
  return {
    record({ body, ...row }) {
      const isLarge = (JSON.stringify(body) ?? "").length > MAX_BODY_CHARS;
      const masked = mask({ ...row, body: isLarge ? outline(body) : body }, Number.POSITIVE_INFINITY) as Omit<
        RequestRow,
        "at"
      >;
      rows.push({ callId: scope.getStore(), row: { at: clock.now(), ...masked } });
      if (rows.length > MAX_ROWS) rows = rows.slice(-MAX_ROWS);
    },
    list: () => rows.map(({ row }) => row).reverse(),
    during: (callId, work) => scope.run(callId, work),
    of: (callId) => rows.filter((one) => one.callId === callId).map(({ row }) => row),
    clear() {
      rows = [];
    },
  };
}
