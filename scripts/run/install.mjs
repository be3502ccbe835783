/** Installs what package-lock.json names: by npm ci, one command at a time, and without losing what was there. */
import { spawn } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { basename, join } from "node:path";
import { alone } from "./alone.mjs";
import { problemOf } from "./installed.mjs";

/** No package needs its install scripts. What was typed for the command, dry run and silence, and NODE_ENV are not meant for this. */
const NPM_CI = [
  ...["ci", "--include=dev", "--dry-run=false", "--loglevel=warn"],
  ...["--ignore-scripts", "--no-audit", "--no-fund"],
];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** @returns the exit code with which the command must end, where there is one */
export async function installMissing(root) {
  const lock = join("dist", "install.lock");
  return await alone(
    join(root, lock),
    (alsoRuns) => {
      // Whoever waited for another command's install has nothing more to do.
      const problem = problemOf(root);
      return problem === undefined ? undefined : install(root, problem, alsoRuns);
    },
    (pid) => say(`process ${pid} is installing the packages: waiting for it (if it is no startflow, remove ${lock})`),
  );
}

async function install(root, problem, alsoRuns) {
  say(`${problem}: npm ci installs what package-lock.json names`);
  const setBack = setAside(root);
  const { code, signal, error } = await npmCi(root, alsoRuns);
  const left = code === 0 ? problemOf(root) : "not installed";
  setBack({ isWanted: left !== undefined });
  if (signal !== undefined) return 128 + constants.signals[signal];
  if (left === undefined) return undefined;
  if (error !== undefined) say(`npm does not start (${error.code}): install npm, then run the command again`);
  else if (code === 0) say(`npm ci went through, yet ${left}: look at omit and install-strategy in npm config list`);
  else
    say(
      `npm ci failed (exit code ${code}), for the reason above: look at the network, and at registry and proxy in npm config list; then run the command again`,
    );
  return 1;
}

/** npm ci removes before it fetches: without a network, what was there would be lost for nothing. */
function setAside(root) {
  const folder = join(root, "node_modules");
  const aside = join(root, "dist", "node_modules.before");
  rmSync(aside, { recursive: true, force: true });
  try {
    renameSync(folder, aside);
  } catch {
    // There is none, or it cannot be moved, as the mount point of a container.
    return () => {};
  }
  return ({ isWanted }) => {
    if (!isWanted) return rmSync(aside, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  };
}

/** Its output goes to stderr: stdout belongs to the command, and so does stdin. */
function npmCi(root, alsoRuns) {
  const { npm_execpath: path = "" } = process.env;
  const isNpm = basename(path) === "npm-cli.js";
  const [command, ...args] = isNpm ? [process.execPath, path, ...NPM_CI] : ["npm", ...NPM_CI];
  // On Windows it is npm.cmd, which only a shell starts.
  const shell = !isNpm && process.platform === "win32";
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (child.pid !== undefined) alsoRuns(child.pid);
  // Ctrl-C reaches npm too; this process stays until npm has ended, and puts back what was there.
  let stoppedBy;
  const stop = (signal) => {
    stoppedBy = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return new Promise((settle) => {
    const done = (result) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      settle({ ...result, signal: stoppedBy });
    };
    child.on("error", (error) => done({ error }));
    child.on("close", (code) => done({ code }));
  });
}

function say(text) {
  console.error(`startflow: ${text}`);
}
