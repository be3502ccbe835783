/** The commands of `npm run`: as processes of their own, and many times in one process, because the start costs the most. */
import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { ScriptResult } from "./built";

export interface CommandPlace {
  /** The project's folder, or that of a copy. */
  cwd?: string;
  /** All of the environment, but for PATH and HOME. */
  env?: Record<string, string>;
  /** What comes through the standard input. */
  input?: string;
}

export interface Command {
  /** What `npm run <name> -- --help` answered. */
  help: ScriptResult;
  /** In a process of its own. */
  start(args: readonly string[], place?: CommandPlace): Promise<ScriptResult>;
  /** In the process that all these calls share (command-host.mjs), one after the other. */
  run(args: readonly string[], place?: CommandPlace): Promise<ScriptResult>;
  /** What the last `run` took of a processor: more where the machine is slow, and the same where it is busy. */
  cpuMs(): number;
  close(): void;
}

interface Answer {
  result: ScriptResult;
  cpuMs: number;
}

/** @throws Error where the command cannot be bundled */
export async function openCommand(name: string): Promise<Command> {
  // Bundles it, too. What is bundled can be run in any folder.
  const help = await started([join("scripts", "run.mjs"), name, "--help"]);
  if (help.exitCode !== 0) throw new Error(`npm run ${name} -- --help: ${help.stderr}`);
  const file = resolve("dist", "scripts", `${name}.mjs`);
  const host = fork(resolve("test", "helpers", "command-host.mjs"), { execArgv: [], env: {} });
  let last: Promise<unknown> = Promise.resolve();
  let cpuMs = 0;
  return {
    help,
    start: (args, place) => started([file, ...args], place),
    run(args, place) {
      const answer = last.then(() => asked(host, { file, args, ...filled(place) }));
      last = answer.then(
        (given) => {
          cpuMs = given.cpuMs;
        },
        () => {},
      );
      return answer.then(({ result }) => result);
    },
    cpuMs: () => cpuMs,
    close: () => host.disconnect(),
  };
}

const filled = ({ cwd = ".", env = {}, input = "" }: CommandPlace = {}) => {
  const { PATH = "", HOME = "" } = process.env;
  return { cwd: resolve(cwd), env: { PATH, HOME, ...env }, input };
};

function started(args: readonly string[], place?: CommandPlace): Promise<ScriptResult> {
  const { cwd, env, input } = filled(place);
  return new Promise((settle) => {
    const child = execFile(process.execPath, [...args], { cwd, env }, (error, stdout, stderr) =>
      settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** @throws Error where the command has ended the process */
async function asked(host: ChildProcess, call: object): Promise<Answer> {
  const ended = new AbortController();
  const { signal } = ended;
  const died = once(host, "exit", { signal }).then(([code]) => {
    throw new Error(`the command has ended the process that others shall run in, with ${code}`);
  });
  host.send(call);
  try {
    return (await Promise.race([once(host, "message", { signal }).then(([answer]) => answer), died])) as Answer;
  } finally {
    ended.abort();
  }
}
