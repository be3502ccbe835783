/** Checks of the methods and routes: paramCodes, and functions that have the time for what they wait for. */
import * as z from "zod";
import { ONCE } from "../shared/once/record";
import { SEND_TIMEOUT_MS } from "../shared/platform/time-limits";
import { API_FUNCTION, CONFIG_FILE, type DescribedMethod, type Project, type Row } from "./check-project";
import { isTimeout } from "./check-rows";
import { type Finding, finding } from "./check-texts";
import { filledIn, type Values } from "./env-files";

export function checkMethods(project: Project): Finding[] {
  const { methods, rows } = project;
  const wanted = methods.filter(({ name }) => rows.some((row) => row.name === name));
  return [...checkParamCodes(wanted, project), ...rows.flatMap((row) => checkTimes(row, project))];
}

const PARAM_CODE = /^\d{18}$/;
/** Of the samples in functions/, of their stand-in flows and of README.md; and what a page masks. */
const SAMPLE_CODE = /^16570879818[789]\d{6}$|x{2,}/i;
const entrySchema = z.object({ paramCode: z.string() });

interface Place {
  method: DescribedMethod;
  field: string;
  paramCode: string;
}

function checkParamCodes(methods: readonly DescribedMethod[], { isLocal }: Project): Finding[] {
  const places = methods.flatMap((method) =>
    Object.entries(method.fields).flatMap(([field, entry]): Place[] => {
      const parsed = entrySchema.safeParse(entry);
      return parsed.success ? [{ method, field, paramCode: parsed.data.paramCode }] : [];
    }),
  );
  const isSample = ({ paramCode }: Place) => SAMPLE_CODE.test(paramCode);
  const samples = isLocal
    ? []
    : methods.flatMap((method) => sampleFinding(places.filter((one) => one.method === method && isSample(one))));
  const wrong = places.filter((one) => !isSample(one) && !PARAM_CODE.test(one.paramCode));
  return [
    ...samples,
    ...wrong.map((one) => finding("PARAM_CODE_FORM", placeOf(one))),
    ...places.flatMap((one) => twice(one, places)),
  ];
}

function placeOf({ method, field }: Place) {
  return { file: `functions/${method.name}/index.ts`, key: `fields.${field}` };
}

function sampleFinding(places: readonly Place[]): Finding[] {
  const [first] = places;
  if (first === undefined) return [];
  return [
    finding("PARAM_CODE_SAMPLE", { ...placeOf(first), key: places.map(({ field }) => `fields.${field}`).join(", ") }),
  ];
}

/** The platform's ids are a variable's own, so one code in two processes is a copy; two methods may start one process. */
function twice(one: Place, places: readonly Place[]): Finding[] {
  const first = places.find(({ paramCode, method }) => {
    const isOfSameMethod = method === one.method;
    return (
      paramCode === one.paramCode && (isOfSameMethod || method.target?.processKey !== one.method.target?.processKey)
    );
  });
  if (first === undefined || first === one) return [];
  return [finding("PARAM_CODE_TWICE", placeOf(one), { other: `${first.method.name}.fields.${first.field}` })];
}

/** What a start needs beside the wait for the engine: to claim, and to write down what came of it (shared/once). */
export const START_ROOM_MS = ONCE.storeTimeoutMs + ONCE.recordMs;

function checkTimes(row: Row, { methods, apis, values }: Project): Finding[] {
  const { name, timeout } = row;
  const isApi = name === API_FUNCTION;
  const starts = isApi || methods.some((method) => method.name === name && method.target !== null);
  if (!isTimeout(timeout) || !starts) return [];
  const place = { file: CONFIG_FILE, key: `${name}.timeout` };
  const sendMs = sendTimeoutMs(row, values);
  const found: Finding[] = [];
  if (timeout * 1_000 < sendMs + START_ROOM_MS) {
    found.push(finding("TIMEOUT_SEND", place, { seconds: timeout, sendMs, roomMs: START_ROOM_MS }));
  }
  const waits = isApi
    ? apis.filter(({ mode, waitMs }) => mode === "sync" && waitMs + START_ROOM_MS > timeout * 1_000)
    : [];
  for (const { space, module, function: last, waitMs } of waits) {
    found.push(finding("TIMEOUT_WAIT", place, { seconds: timeout, route: `${space}/${module}/${last}`, waitMs }));
  }
  return found;
}

function sendTimeoutMs({ envVariables }: Row, values: Values): number {
  const set = Number(filledIn(envVariables.STARTFLOW_SEND_TIMEOUT_MS ?? "", values));
  return set > 0 ? set : SEND_TIMEOUT_MS.fallback;
}
