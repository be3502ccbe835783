/** Run by a timer: settles submissions of which nobody knows whether they started, and tells an operator of the rest. */
import * as z from "zod";
import { defineMethod } from "../../shared/method";
import { noticeUrl } from "../../shared/once/notice";
import { settleMs } from "../../shared/once/reconcile";
import { retentionDays, sweepDue } from "../../shared/once/sweep";
import { createSweepStore, type SweepDatabase } from "../../shared/once/sweep-store";
import { contextFromSdk, type MethodContext } from "../../shared/platform/context";
import { databaseOf } from "../../shared/platform/database";
import { sendTimeoutMs } from "../../shared/platform/time-limits";
import { routeName } from "../../shared/sync-api/routes/route";
import { sweepApi } from "../../shared/sync-api/runs/sweep";
import { routes } from "../sync-api/routes";
import { findStarted } from "../targets";

const sweep = defineMethod({
  title: { zh: "核对未确认的提交", en: "Settle unconfirmed submissions" },
  input: z.strictObject({}),
  sample: {},
  secrets: ["STARTFLOW_NOTICE_URL", "STARTFLOW_SYNC_CALLBACK_KEY"],
  async run(_, { context, environment, deadline }) {
    let other: MethodContext | undefined;
    const contextOf = (wanted: typeof environment) => {
      if (wanted === environment) return context;
      other ??= contextFromSdk(wanted);
      return other;
    };
    const database = databaseOf(context) as SweepDatabase;
    const swept = await sweepDue({
      store: createSweepStore(database),
      find: (record) => findStarted(record, contextOf),
      deadline,
      settleMs: settleMs(),
      sendTimeoutMs: sendTimeoutMs(),
      noticeUrl: noticeUrl(),
      retentionDays: retentionDays(),
    });
    const routeOf = (name: string) => routes.find((route) => routeName(route) === name);
    return { ...swept, ...(await sweepApi({ database, context, environment, deadline, routeOf })) };
  },
});

export = sweep;
