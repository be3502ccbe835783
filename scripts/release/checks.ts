/** What must be so before anything is released: everything is committed, the version is described, nothing of this shell gets in. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { settingsThatAreSet } from "../project";

export class ReleaseRefused extends Error {}

export function git(...args: string[]): string {
  return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

export function versionHere(): string {
  return (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version;
}

/** @throws ReleaseRefused with what to do */
export function checkRelease(version: string, { isDryRun }: { isDryRun: boolean }): void {
  const changed = git("status", "--porcelain");
  if (changed !== "")
    throw new ReleaseRefused(`commit or remove this first, a release is made of what is committed:\n${changed}`);
  const set = settingsThatAreSet();
  if (set.length > 0) throw new ReleaseRefused(`unset ${set.join(", ")}: the paste files would hold their values`);
  const heading = changelogHeading(version);
  if (heading === undefined) throw new ReleaseRefused(`CHANGELOG.md has no section "## ${version}"`);
  if (isDryRun) return;
  if (/unreleased/i.test(heading))
    throw new ReleaseRefused(`CHANGELOG.md still calls ${version} unreleased: give it its date`);
  if (git("tag", "--list", `v${version}`) !== "") throw new ReleaseRefused(`there is a tag v${version} already`);
}

function changelogHeading(version: string): string | undefined {
  const lines = readFileSync("CHANGELOG.md", "utf8").split("\n");
  return lines.find((line) => line === `## ${version}` || line.startsWith(`## ${version} `));
}
