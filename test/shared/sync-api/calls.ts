/** What the tests of the sync API share: a request, and a route on an engine that does as it is told. */

import type { Engine, PreparedStart, Started } from "../../../shared/engines/engine";
import type { WholeInput } from "../../../shared/engines/function";
import type { MethodContext } from "../../../shared/platform/context";
import type { Route } from "../../../shared/sync-api/routes/route";
import { runsWhole } from "../../../shared/sync-api/runs/runnable";
import type { ApiRequest } from "../../../shared/sync-api/wire/request";
import type { TestStore } from "../../helpers/database";

export function requestOf(change: Partial<ApiRequest> = {}): ApiRequest {
  const path = "/v1/api/demo/flows/hello";
  return { method: "POST", path, headers: {}, query: {}, body: "", isBase64: false, ...change };
}

/** Environment variables of these tests only. */
export const VARIABLES = {
  token: "TEST_TOKEN",
  user: "TEST_USER",
  password: "TEST_PASSWORD",
  hmacKey: "TEST_HMAC_KEY",
};

export interface TriedEngine {
  target: Engine<WholeInput>;
  /** The input of each start. */
  sent: unknown[];
}

export const completed = (output?: unknown): Started => ({
  processId: null,
  progress: { phase: "completed" },
  ...(output === undefined ? {} : { output }),
});

/** By default it answers at the end of each run, with its input as the output. */
export function openEngine(
  send: (input: unknown) => Started | Promise<Started> = completed,
  more: Partial<Engine<WholeInput> & Pick<PreparedStart, "ready">> = { answersAtEnd: true },
): TriedEngine {
  const sent: unknown[] = [];
  const { ready, ...members } = more;
  const target: Engine<WholeInput> = {
    kind: "scripted",
    processKey: "flow",
    problemOf: () => undefined,
    codeOf: () => "whole",
    secrets: [],
    async prepare({ fields }) {
      const input = fields[0]?.value;
      return {
        request: input,
        ...(ready === undefined ? {} : { ready }),
        async send() {
          sent.push(input);
          return await send(input);
        },
      };
    },
    ...members,
  };
  return { target, sent };
}

export function routeOf({ target }: Pick<TriedEngine, "target">, change: Partial<Route> = {}): Route {
  return {
    space: "demo",
    module: "flows",
    function: "hello",
    title: { zh: "测试", en: "Test" },
    method: "POST",
    auth: "none",
    credentials: VARIABLES,
    enabled: true,
    run: runsWhole({ start: target, whole: { whole: true } }),
    debug: {},
    ...change,
  };
}

export function contextOf(
  { database }: Pick<TestStore, "database">,
  app?: Partial<MethodContext["app"]>,
): MethodContext {
  const getTempFileURL = async () => ({});
  return {
    callWorkflow: async () => undefined,
    database,
    ...(app === undefined ? {} : { app: { getTempFileURL, ...app } }),
  };
}

/** A promise that somebody else settles. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((settle) => {
    open = settle;
  });
  return { opened, open };
}

export const sha256 = /^[0-9a-f]{64}$/;
