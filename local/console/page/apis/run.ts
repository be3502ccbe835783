/** One click on "run": the call, its answer, and the instance that it started; kept while the tab is open. */
import { useEffect } from "preact/hooks";
import type { ApiRow, ApiRunAnswer, InstanceView } from "../../wire";
import { type ApiFailure, api, asFailure, noteChange } from "../api";
import { Signal, useSignal } from "../signal";
import { saidBy } from "./answer";
import { nameOf, startedSince } from "./rows";

export type RunMode = ApiRow["mode"];

export interface ApiRun {
  /** The debug data as typed, valid or not; null while it is the API's own. */
  typed: string | null;
  /** In which mode it runs now. */
  running: RunMode | null;
  answer: ApiRunAnswer | null;
  /** The console's own call failed. */
  failure: ApiFailure | undefined;
  /** Instances that were there before. */
  knownIds: string[];
  /** The one that this run started, once it is seen. */
  startedId: string | null;
}

const NEW: ApiRun = { typed: null, running: null, answer: null, failure: undefined, knownIds: [], startedId: null };
const runs = new Signal<Record<string, ApiRun>>({});

export function useRun(row: ApiRow): ApiRun {
  useSignal(runs);
  return runAt(row);
}

function runAt(row: ApiRow): ApiRun {
  return runs.value[nameOf(row)] ?? NEW;
}

export function changeRun(row: ApiRow, change: Partial<ApiRun>): void {
  runs.set({ ...runs.value, [nameOf(row)]: { ...runAt(row), ...change } });
}

/** The debug data as it is shown and sent. */
export function debugText(row: ApiRow, run: ApiRun): string {
  return run.typed ?? JSON.stringify(row.debug ?? {}, null, 2);
}

/** Runs one at a time. @param mode what the API is called with */
export async function runApi(row: ApiRow, data: unknown, mode: RunMode): Promise<void> {
  if (runAt(row).running !== null) return;
  changeRun(row, { ...NEW, typed: runAt(row).typed, running: mode });
  try {
    const before = await api.instances();
    changeRun(row, { knownIds: before.map(({ id }) => id) });
    // Without a mode, the address has no suffix.
    const answer = await api.runApi(row, { data, ...(mode === row.mode ? {} : { mode }) });
    changeRun(row, { running: null, answer });
  } catch (error) {
    changeRun(row, { running: null, failure: asFailure(error) });
  }
  noteChange();
}

/** The instance behind the answer; of an asynchronous run it appears a little later. */
export function useStarted(row: ApiRow, run: ApiRun, instances: InstanceView[] | undefined): InstanceView | undefined {
  const { answer, knownIds, startedId } = run;
  const mayHave = answer !== null && saidBy(answer, row.raw).kind !== "refused";
  const id = startedId ?? (mayHave ? startedSince(row, knownIds, instances)?.id : undefined);
  useEffect(() => {
    if (id !== undefined && startedId === null) changeRun(row, { startedId: id });
  }, [id, startedId]);
  return instances?.find((instance) => instance.id === id);
}
