/** All checks before a deployment: what stands in cloudbaserc.json and the values, and what is built. */
import { checkBuilt } from "./check-built";
import { checkMethods } from "./check-methods";
import { CONFIG_FILE, type Project, type ProjectOptions, readProject } from "./check-project";
import { checkRows } from "./check-rows";
import { type Finding, finding } from "./check-texts";
import { checkTracked } from "./check-tracked";
import { checkVariables } from "./check-variables";

export interface Checked {
  /** Errors first. */
  findings: Finding[];
  /** `undefined` where it could not be read. */
  project: Project | undefined;
}

export function check(options: ProjectOptions): Checked {
  let project: Project;
  try {
    project = readProject(options);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { findings: [finding("CONFIG_INVALID", { file: CONFIG_FILE, key: "" }, { detail })], project: undefined };
  }
  const checks = [checkRows, checkVariables, checkTracked, ...(options.skipsBuilt ? [] : [checkBuilt, checkMethods])];
  const findings = checks.flatMap((one) => one(project));
  return { findings: findings.sort((a, b) => a.level.localeCompare(b.level)), project };
}

export function errorsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ level }) => level === "error");
}

/** One finding for people: where, why, how to mend it; Chinese below. */
export function findingText({ level, file, key, why, mend, code }: Finding): string {
  const place = key === "" ? file : `${file}: ${key}`;
  return `${level.padEnd(8)}${place}  [${code}]\n        ${why.en} ${mend.en}\n        ${why.zh}${mend.zh}`;
}
