/** Checks of the rows of cloudbaserc.json: members, limits of the platform, paths, triggers, and that none is missing. */

import * as z from "zod";
import { CONFIG_FILE, type Project, type Row } from "./check-project";
import { type Finding, type FindingCode, finding } from "./check-texts";
import { FUNCTION_NAME, DEPLOY_LIMITS as LIMITS, ROW_KEYS, RUNTIMES, TIMER } from "./deploy-limits";
import { paths } from "./project";

/** The CLI compares without case. */
const KNOWN_KEYS = new Set(ROW_KEYS.map((key) => key.toLowerCase()));

export function checkRows(project: Project): Finding[] {
  const { config, rows, folders } = project;
  const expected = paths.distFunctions.replaceAll("\\", "/");
  const root =
    config.functionRoot.replace(/^\.\//, "").replace(/\/$/, "") === expected
      ? []
      : [at("ROOT_WRONG", "functionRoot", { expected })];
  const missing = folders
    .filter((name) => !config.functions.some((row) => row.name === name))
    .map((name) => at("ROW_MISSING", "functions", { name }));
  return [...root, ...missing, ...rows.flatMap((row) => checkRow(row, project))];
}

function at(code: FindingCode, key: string, facts: Record<string, string | number> = {}): Finding {
  return finding(code, { file: CONFIG_FILE, key }, facts);
}

function checkRow(row: Row, { config, folders }: Project): Finding[] {
  const { name, path } = row;
  const found: Finding[] = [];
  const say = (code: FindingCode, member: string, facts = {}) => found.push(at(code, `${name}.${member}`, facts));
  if (!FUNCTION_NAME.test(name) || name.length > LIMITS.nameLength)
    say("NAME_INVALID", "name", { limit: LIMITS.nameLength });
  if (config.functions.filter((other) => other.name === name).length > 1) say("NAME_TWICE", "name");
  if (!folders.includes(name)) say("FOLDER_MISSING", "name", { name });
  for (const key of Object.keys(row)) if (!KNOWN_KEYS.has(key.toLowerCase())) say("KEY_UNKNOWN", key);
  if (row.handler !== "index.main") say("HANDLER_WRONG", "handler");
  if (!RUNTIMES.includes(String(row.runtime))) say("RUNTIME_UNKNOWN", "runtime", { known: RUNTIMES.join(", ") });
  if (row.installDependency !== false) say("INSTALL_WRONG", "installDependency");
  if (!isTimeout(row.timeout)) {
    say("TIMEOUT_RANGE", "timeout", { min: LIMITS.minTimeoutSeconds, max: LIMITS.maxTimeoutSeconds });
  }
  if (!isMemory(row.memorySize)) {
    say("MEMORY_RANGE", "memorySize", { min: LIMITS.minMemoryMb, max: LIMITS.maxMemoryMb, step: LIMITS.memoryStepMb });
  }
  // A template would be filled in by the CLI, and compared as it is.
  if (path !== undefined && !/^\/([^\s{}]*[^/\s{}])?$/.test(path)) say("PATH_INVALID", "path");
  const other = config.functions.find(
    (one) => one !== row && one.name !== name && path !== undefined && one.path === path,
  );
  if (other !== undefined) say("PATH_TWICE", "path", { other: other.name });
  if (!triggersSchema.safeParse(row.triggers).success) {
    say("TRIGGER_INVALID", "triggers", { limit: LIMITS.timersPerFunction });
  }
  return found;
}

export const triggersSchema = z
  .array(z.object({ name: z.string().min(1), type: z.literal("timer"), config: z.string().regex(TIMER) }))
  .max(LIMITS.timersPerFunction);

export function isTimeout(value: unknown): value is number {
  return isWhole(value) && value >= LIMITS.minTimeoutSeconds && value <= LIMITS.maxTimeoutSeconds;
}

function isMemory(value: unknown): boolean {
  if (!isWhole(value)) return false;
  return (
    value === LIMITS.minMemoryMb || (value > 0 && value % LIMITS.memoryStepMb === 0 && value <= LIMITS.maxMemoryMb)
  );
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}
