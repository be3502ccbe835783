/** Each engine as it is started with whatever was typed, and refuses in the words that it is told. */
import { vi } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../shared/base/errors";
import { reported } from "../../../shared/base/failure";
import type { Engine, PreparedStart, Started } from "../../../shared/engines/engine";
import { cloudFunction } from "../../../shared/engines/function";
import type { Submission } from "../../../shared/engines/submission";
import { wedaProcess } from "../../../shared/engines/weda";
import { cloudbaseWorkflow, NOTHING_RAN, RUN_FAILED, RUN_THREW } from "../../../shared/engines/workflow";
import { labelsOf } from "../../../shared/form/labels";
import type { MethodContext } from "../../../shared/platform/context";
import { InterfaceError } from "../../../shared/proxy/error";
import { bundleMethod } from "../../../shared/sync-api/runs/bundle-method";
import type { Rows } from "./names";

/** What is told of a start, in both languages, and what was logged of it. */
export interface Told {
  said: string;
  logged: string;
}
/** A start that is prepared: sent again for each refusal. @param way which of the engine's ways to refuse */
export type Refused = (words: string, way: number) => Promise<Told>;

export interface TriedEngine {
  ways: number;
  start(rows: Rows): Promise<Refused>;
}

const labels = labelsOf(z.unknown());
export function prepared<Entry>(
  target: Engine<Entry>,
  fields: Submission<Entry>["fields"],
  context: MethodContext,
): Promise<PreparedStart> {
  const common = { id: "s-12345678", environment: "preview" as const, userId: "u", generation: 1, labels };
  return target.prepare({ ...common, fields }, context);
}

const printed: string[] = [];
/** From here on nothing is printed: it is a part of what is told. */
export function listen(): void {
  for (const level of ["log", "error"] as const)
    vi.spyOn(console, level).mockImplementation((line: string) => void printed.push(line));
}

/** The failure leaves its line in the log, as with any method. */
export async function toldOf(work: Promise<Started>): Promise<Told> {
  printed.length = 0;
  const said = await work.then(
    ({ problem, progress, status }) => ({ problem, progress, status }),
    (error: unknown) => reported(error).toAnswer(),
  );
  return { said: JSON.stringify(said), logged: printed.join("\n") };
}

/** Answers, or throws, what the way makes of the words. */
type Way = (words: string) => { answer: unknown } | { thrown: unknown };

function scripted(
  ways: readonly Way[],
  prepare: (rows: Rows, context: MethodContext) => Promise<PreparedStart>,
): TriedEngine {
  return {
    ways: ways.length,
    async start(rows) {
      let next: ReturnType<Way> = { answer: undefined };
      const call = async () => {
        if ("thrown" in next) throw next.thrown;
        return next.answer;
      };
      const app = { getTempFileURL: async () => ({}), callFunction: call };
      const start = await prepare(rows, { callWorkflow: call, app });
      return (words, way) => {
        next = (ways[way] as Way)(words);
        return toldOf(start.send());
      };
    },
  };
}

/** With a cause that says it once more, as the SDK's errors have. */
const thrown = (code: string | undefined, words: string) => ({
  thrown: Object.assign(new Error(words, { cause: Object.assign(new Error(words), { code: "E_CAUSE" }) }), { code }),
});

const weda = scripted(
  [
    (message) => ({ answer: { code: "InvalidParameterValue", message } }),
    (Message) => ({ answer: { Response: { Error: { Code: "InternalError", Message } } } }),
    (words) => ({ answer: { code: words, message: words, said: words } }),
    (words) => thrown("InvalidParameterValue", words),
    (words) => thrown(undefined, words),
    (words) => ({ thrown: words }),
  ],
  ({ first, rest }, context) => {
    const target = wedaProcess({ connector: { ConnectorName: "c", FunctionName: "f" }, processKey: "flow_1" });
    const fields = [
      { name: "first", value: first, entry: { paramCode: "1", fieldType: "object" as const, entityCode: "e" } },
      { name: "rest", value: rest, entry: { paramCode: "2", fieldType: "objectList" as const, entityCode: "e" } },
    ];
    return prepared(target, fields, context);
  },
);

const workflow = scripted(
  [
    (message) => ({ answer: { result: { code: RUN_FAILED, message } } }),
    (message) => ({ answer: { result: { code: NOTHING_RAN[0], message } } }),
    (message) => ({ answer: { code: "INVALID_PARAM", message } }),
    (words) => thrown(RUN_THREW, words),
    (words) => thrown("SYS_ERR", words),
  ],
  ({ first, rest }, context) => {
    const fields = [
      { name: "first", value: first, entry: { name: "first" } },
      { name: "rest", value: rest, entry: { name: "rest" } },
    ];
    return prepared(cloudbaseWorkflow({ workflow: "wf_1" }), fields, context);
  },
);

const whole = (value: unknown) => [{ name: "body", value, entry: { whole: true as const } }];
const ofFunction = scripted(
  [
    (message) => ({ answer: { result: { code: "NO_CUSTOMER", message } } }),
    (words) => ({ answer: { result: { errCode: words, errMsg: words } } }),
    (message) => ({ answer: { code: "INVALID_PARAM", message } }),
    (words) => thrown("FUNCTIONS_EXECUTE_FAIL", words),
    (words) => thrown("INVALID_PARAM", words),
  ],
  (rows, context) => prepared(cloudFunction("lookup"), whole(rows), context),
);

const ofMethod = scripted(
  [
    (words) => thrown(undefined, words),
    (words) => ({ thrown: new StartflowError("NOT_CONFIGURED", { message: { zh: words, en: words } }) }),
    (words) => ({
      thrown: new InterfaceError({ kind: "business", platform: "crm_system", text: { zh: words, en: words } }),
    }),
  ],
  (rows, context) => {
    const run = (_: unknown, call: { context: MethodContext }) =>
      call.context.callWorkflow({ action: "", data: {} }) as Promise<object>;
    const definition = { title: { zh: "", en: "" }, input: z.unknown(), sample: {}, run };
    return prepared(bundleMethod("lookup", definition), whole(rows), context);
  },
);

/** Those that are called within the process; the others are servers: feishu.ts. */
export const ENGINES: Record<string, TriedEngine> = {
  "weda-process": weda,
  "cloudbase-workflow": workflow,
  "cloud-function": ofFunction,
  "bundle-method": ofMethod,
};
