/** How `npm run deploy` prints: the findings, what would be deployed, and what became of each function. */
import { join } from "node:path";
import { errorsOf, findingText } from "./check-all";
import { zippedBytes } from "./check-built";
import type { Project } from "./check-project";
import type { Finding } from "./check-texts";
import type { Deployed } from "./deploy-function";
import type { DeployOptions } from "./deploy-options";
import { adviceFor } from "./deploy-texts";
import { paths } from "./project";

/** Errors in full; warnings are counted. */
export function findingsText(findings: readonly Finding[]): string {
  const errors = errorsOf(findings);
  const warnings = findings.length - errors.length;
  const lines = errors.map(findingText);
  if (warnings > 0) lines.push(`${warnings} warnings: npm run check shows them`);
  return lines.join("\n");
}

export function planText({ rows, values }: Project, envId: string): string {
  const cells = rows.map((row) => [
    row.name,
    `${row.runtime}`,
    `${row.timeout} s`,
    `${row.memorySize} MB`,
    `${zippedBytes(join(paths.distFunctions, row.name))} B`,
    `${Object.keys(row.envVariables).filter((name) => (values.get(name) ?? "") !== "").length} variables`,
    [row.path ?? "", row.triggers.length > 0 ? "timer" : ""].join(" ").trim(),
  ]);
  return `would be deployed to ${envId}:\n${table(cells)}`;
}

type AgainOptions = Pick<DeployOptions, "environment" | "isBuilding">;

export function resultsText(results: readonly Deployed[], { environment, isBuilding }: AgainOptions): string {
  const cells = results.map(({ name, isDeployed, text, durationMs }) => [
    isDeployed ? "✔" : "✖",
    name,
    `${(durationMs / 1_000).toFixed(1)} s`,
    text,
  ]);
  const failed = results.filter(({ isDeployed }) => !isDeployed);
  const advice = new Set(failed.map(({ text }) => adviceText(text)));
  const count = `${results.length - failed.length} of ${results.length} deployed`;
  // Without its --env, it would deploy the values of another environment.
  const options = [...(environment === undefined ? [] : ["--env", environment]), ...(isBuilding ? [] : ["--no-build"])];
  const names = [...failed.map(({ name }) => name), ...options].join(" ");
  const again = failed.length === 0 ? [] : [`again: npm run deploy -- ${names}`];
  return [table(cells), count, ...advice, ...again].join("\n");
}

export function adviceText(cause: string): string {
  const { zh, en } = adviceFor(cause);
  return `${en} ${zh}`;
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
