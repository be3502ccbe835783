/** Checks that no secret stands in a file that git tracks. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { LOCAL_VALUES } from "../local/functions/environment";
import type { Project } from "./check-project";
import { type Finding, finding } from "./check-texts";
import { EXAMPLE_FILE, templateNames } from "./env-files";
import { isSecret, VARIABLES } from "./variables";

/** Shorter ones stand in files by chance. */
const MIN_SECRET_LENGTH = 8;
const MAX_FILE_BYTES = 5_000_000;

export function checkTracked({ values, config }: Project): Finding[] {
  const files = trackedFiles();
  const tracked = files
    .filter((file) => /^\.env(\.|$)/.test(basename(file)) && basename(file) !== EXAMPLE_FILE)
    .map((file) => finding("ENV_FILE_TRACKED", { file, key: "" }));
  // The process's environment has secrets of other programs, too.
  const read = new Set(config.functions.flatMap((row) => Object.values(row.envVariables)).flatMap(templateNames));
  const secrets = Object.entries(values.all()).filter(
    ([name, value]) =>
      isSecret(name) &&
      value.length >= MIN_SECRET_LENGTH &&
      LOCAL_VALUES[name] !== value &&
      (read.has(name) || VARIABLES.has(name)),
  );
  if (secrets.length === 0) return tracked;
  const stands = files.filter(isText).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return secrets
      .filter(([, value]) => text.includes(value))
      .map(([name]) => finding("SECRET_TRACKED", { file, key: name }, { name }));
  });
  return [...tracked, ...stands];
}

/** None where this is no repository, or git is not there. */
function trackedFiles(): string[] {
  try {
    const list = execFileSync("git", ["ls-files", "-z"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64e6,
    });
    return list.split("\0").filter((file) => file !== "");
  } catch {
    return [];
  }
}

function isText(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= MAX_FILE_BYTES;
}
