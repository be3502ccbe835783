/** Whether node_modules is what package-lock.json says. Every command asks it first. */
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { differenceOf } from "./lockfiles.mjs";

/** @returns in words, why the packages must be installed; nothing where they are right, or not ours to touch */
export function problemOf(root) {
  const folder = join(root, "node_modules");
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return "there is no node_modules";
  // It belongs to somebody else.
  if (stat.isSymbolicLink()) return undefined;
  const lockfiles = [join(root, "package-lock.json"), join(folder, ".package-lock.json")];
  const found = stateOf([folder, ...lockfiles]);
  const foundRight = join(root, "dist", "installed");
  if (textIn(foundRight) === found) return undefined;
  const problem = comparisonOf(folder, lockfiles.map(packagesIn));
  if (problem === undefined) remember(foundRight, found);
  return problem;
}

function comparisonOf(folder, [lock, installed]) {
  if (lock === undefined) return "package-lock.json cannot be read";
  // npm removes it first and writes it last: where an install was broken off, it is not there.
  if (installed === undefined) return "node_modules was not installed by npm, or not to its end";
  const { dependencies, devDependencies } = lock[""] ?? {};
  const gone = Object.keys({ ...dependencies, ...devDependencies }).find((name) => !existsSync(join(folder, name)));
  if (gone !== undefined) return `node_modules/${gone} is missing`;
  return differenceOf(lock, installed, process);
}

/** The comparison takes some milliseconds; that nothing has changed since the last one is seen at once. */
function stateOf(paths) {
  const stats = paths.map((path) => statSync(path, { throwIfNoEntry: false }));
  return JSON.stringify([process.platform, process.arch, ...stats.map((stat) => [stat?.mtimeMs, stat?.size])]);
}

function remember(file, state) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, state);
  } catch {
    // Then it is compared again the next time.
  }
}

function textIn(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function packagesIn(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, "utf8")).packages;
  } catch {
    return undefined;
  }
}
