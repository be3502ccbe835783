/** Starts one WeDa process: `context.callWorkflow({action: "StartProcessWithParams", data})`. */
import { integerSetting, textSetting } from "../../base/environment";
import { StartflowError } from "../../base/errors";
import { describeError, log, outline } from "../../base/log";
import type { Engine, Started } from "../engine";
import { engineFailure } from "../engine-failure";
import { readStartAnswer } from "./answer";
import { findProcess } from "./find";
import { type StartVariable, startVariableProblem, toStartParams } from "./start-params";
import { revokeProcess, wedaStatus } from "./status";
import type { StartParam, StartProcess } from "./wire";

export interface WedaConnector {
  /** The API and the method that the process' start trigger is bound to, by which WeDa's console knows them: this very method. */
  connector: { ConnectorName: string; FunctionName: string };
}

export interface WedaProcessOptions extends WedaConnector {
  processKey: string;
  /** A text variable of the start node that carries the submission's id, so that its process can be found again. */
  stamp?: { paramCode: string; name?: string };
}

/** Custom API, in WeDa's list of triggers. https://cloud.tencent.com/document/product/1301/77286 */
const TRIGGER_TYPE = 6;

/**
 * The user on whose behalf a process starts where nobody is signed in: configuration only, never the form.
 * https://cloud.tencent.com/document/product/1301/77286 ("ExtraUserInfo")
 */
const EXTRA_USER_ID = /^\d{1,19}$/;
/** 4 is the only value that is documented. */
const EXTRA_USER_SOURCE = { min: 0, max: 1_000, fallback: 4 };

/** @throws Error at definition, where the stamp is wrong */
export function wedaProcess(options: WedaProcessOptions): Engine<StartVariable> & WedaConnector {
  const { processKey } = options;
  const stamp = stampEntry(options.stamp);
  const isStamped = ({ paramCode }: StartVariable) => paramCode === stamp?.paramCode;
  return {
    kind: "weda-process",
    processKey,
    problemOf: (entry) =>
      startVariableProblem(entry) ?? (isStamped(entry) ? "has the paramCode of the stamp" : undefined),
    codeOf: (entry) => entry.paramCode,
    secrets: [],
    connector: options.connector,
    ...(stamp === undefined ? {} : { stamp: stamp.paramCode }),
    find: (sought, context) => findProcess(processKey, sought, context),
    status: wedaStatus,
    cancel: (processId, context) => revokeProcess(processKey, processId, context),
    async prepare(submission, context) {
      const carried = stamp === undefined ? [] : [{ name: "stamp", value: submission.id, entry: stamp }];
      const data: StartProcess = {
        TriggerType: TRIGGER_TYPE,
        ConnectorParam: options.connector,
        ProcessKey: processKey,
        StartParams: toStartParams([...submission.fields, ...carried]),
        ...(submission.userId === "" ? extraUserInfo() : {}),
      };
      const call = { action: "StartProcessWithParams", data };
      return { request: call, send: () => send(() => context.callWorkflow(call), data) };
    },
  };
}

function stampEntry(stamp: WedaProcessOptions["stamp"]): StartVariable | undefined {
  if (stamp === undefined) return undefined;
  const entry = { ...stamp, fieldType: "string" as const };
  const problem = startVariableProblem(entry);
  if (problem !== undefined) throw new Error(`wedaProcess: the stamp ${problem}`);
  return entry;
}

async function send(call: () => Promise<unknown>, data: StartProcess): Promise<Started> {
  const action = "StartProcessWithParams";
  const typed = typedIn(data.StartParams);
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    const failure = engineFailure(error, typed);
    log("warn", "engine call failed", { action, error: describeError(failure.cause) });
    throw failure;
  }
  const read = readStartAnswer(answer);
  const process = "failure" in read ? undefined : read.processId;
  log("info", "engine answered", { action, sent: outline(data.StartParams), answer: outline(answer), process });
  if ("failure" in read) throw engineFailure(read.failure, typed);
  return read;
}

/** The values alone: codes, types and names of the variables are the developer's. */
function typedIn(params: readonly StartParam[]): unknown[] {
  return params.map(({ value, fieldValueMap }) => value ?? fieldValueMap);
}

function extraUserInfo(): Pick<StartProcess, "ExtraUserInfo"> {
  const userId = textSetting("STARTFLOW_EXTRA_USER_ID", EXTRA_USER_ID);
  if (userId === undefined) throw new StartflowError("NOT_SIGNED_IN");
  const Source = integerSetting("STARTFLOW_EXTRA_USER_SOURCE", EXTRA_USER_SOURCE);
  return { ExtraUserInfo: { UserId: wireUserId(userId), Source } };
}

/** A number, as the published sample has it, only where that number is exact: 19 digits mostly are not. */
export function wireUserId(digits: string): number | string {
  const number = Number(digits);
  return BigInt(number) === BigInt(digits) && String(number) === digits ? number : digits;
}
