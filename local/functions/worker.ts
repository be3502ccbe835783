/** One function process: started when needed, one call at a time, killed when a call takes too long. */
import { type ChildProcess, fork } from "node:child_process";
import type { CallMessage, CallReply } from "./protocol";

export interface Worker {
  /** Never rejects: a process that died, or was killed for its time, is a reply with an error. */
  call(message: Omit<CallMessage, "id">, timeoutMs: number): Promise<CallReply>;
  readonly alive: boolean;
  stop(): void;
}

export function startWorker(hostFile: string, environment: Record<string, string>, memoryMb: number): Worker {
  const child: ChildProcess = fork(hostFile, [], {
    env: environment,
    execArgv: [`--max-old-space-size=${memoryMb}`],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // As JSON inside JSON, a text of control characters would be seven times as long as the body that it holds.
    serialization: "advanced",
  });
  let alive = true;
  let settle: ((reply: CallReply) => void) | undefined;
  let lastId = 0;
  const fail = (code: string, message: string) =>
    settle?.({ id: lastId, error: { name: "Error", code, message }, logs: [] });
  child.on("message", (reply: CallReply) => {
    if (reply.id === lastId) settle?.(reply);
  });
  const gone = () => {
    alive = false;
    fail("FUNCTIONS_EXECUTE_FAIL", "the function's process ended before it answered");
  };
  child.on("exit", gone);
  child.on("error", gone);
  const stop = () => {
    alive = false;
    child.kill("SIGKILL");
  };
  return {
    get alive() {
      return alive;
    },
    call(message, timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          fail("FUNCTIONS_TIME_LIMIT_EXCEEDED", `Task timed out after ${timeoutMs / 1_000} seconds`);
          stop();
        }, timeoutMs);
        settle = (reply) => {
          settle = undefined;
          clearTimeout(timer);
          resolve(reply);
        };
        lastId += 1;
        if (alive) child.send({ ...message, id: lastId } satisfies CallMessage, (error) => error && gone());
        else gone();
      });
    },
    stop,
  };
}
