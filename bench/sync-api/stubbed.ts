/** The sync API with one route whose run costs nothing: what is left is the platform, the function and its store. */

import type { Engine } from "../../shared/engines/engine";
import { syncApiFunction } from "../../shared/sync-api/entry";
import { defineRoutes } from "../../shared/sync-api/routes/route";
import { runsWhole } from "../../shared/sync-api/runs/runnable";

const stub: Engine<{ whole: true }> = {
  kind: "stub",
  processKey: "stub",
  answersAtEnd: true,
  problemOf: () => undefined,
  codeOf: () => "whole",
  secrets: [],
  prepare: async () => ({
    request: {},
    send: async () => ({ processId: null, output: { name: "hello world" }, progress: { phase: "completed" } }),
  }),
};

const stubbed = syncApiFunction(
  defineRoutes([
    {
      space: "demo",
      module: "flows",
      function: "hello",
      title: { zh: "空运行", en: "A run that does nothing" },
      method: "POST",
      auth: "token",
      credentials: { token: "STARTFLOW_SYNC_TOKEN" },
      enabled: true,
      run: runsWhole({ start: stub, whole: { whole: true } }),
      debug: {},
    },
  ]),
);

export = stubbed;
