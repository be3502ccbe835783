/** Every call to the local platform: one timeout, one kind of failure, and whether the server can be reached. */
import type { Text } from "../../../shared/base/errors";
import type {
  ApiChange,
  ApiRow,
  ApiRunAnswer,
  DiagramView,
  InstanceView,
  MethodRow,
  ProcessRow,
  TestAnswer,
  TestRequest,
} from "../wire";
import { Signal } from "./signal";
import { TEXTS } from "./texts";

const QUICK_MS = 10_000;
/** A method may wait for its function's own limit. */
const TEST_MS = 150_000;
const UPLOAD_MS = 60_000;

/** Whether the last call got an answer. */
export const reachable = new Signal(true);
/** Counts what may have changed the lists: an action of this page, or a server that is back. */
export const changes = new Signal(0);

export function noteChange(): void {
  changes.set(changes.value + 1);
}

/** Why a call of this page failed. `refused` is an answer of the server that nothing was done. */
export class ApiFailure extends Error {
  constructor(
    readonly kind: "unreachable" | "timeout" | "refused" | "broken",
    readonly code: string,
    readonly text: Text,
  ) {
    super(text.en);
  }
}

export const api = {
  methods: () => call<MethodRow[]>("GET", "/methods"),
  test: (name: string, request: TestRequest) =>
    call<TestAnswer>("POST", `/methods/${encodeURIComponent(name)}/test`, { json: request, timeoutMs: TEST_MS }),
  instances: () => call<InstanceView[]>("GET", "/instances?limit=50"),
  instance: (id: string) => call<InstanceView>("GET", `/instances/${encodeURIComponent(id)}`),
  diagram: (id: string) => call<DiagramView>("GET", `/instances/${encodeURIComponent(id)}/diagram`),
  decide: (id: string, taskId: string, decision: { action: "agree" | "reject"; comment?: string }) =>
    call<unknown>("POST", `/instances/${encodeURIComponent(id)}/tasks/${encodeURIComponent(taskId)}`, {
      json: decision,
    }),
  fastForward: (id: string) => call<unknown>("POST", `/instances/${encodeURIComponent(id)}/fast-forward`, { json: {} }),
  processes: () => call<ProcessRow[]>("GET", "/processes"),
  publish: (processKey: string) => call<unknown>("POST", "/publish", { json: { processKey } }),
  apis: () => call<ApiRow[]>("GET", "/apis"),
  changeApi: (row: ApiName, change: ApiChange) => call<ApiRow>("PATCH", apiPath(row), { json: change }),
  runApi: (row: ApiName, run: { data: unknown; mode?: ApiRow["mode"] }) =>
    call<ApiRunAnswer>("POST", `${apiPath(row)}/run`, { json: run, timeoutMs: TEST_MS }),
  upload: (file: File) =>
    call<{ fileID: string }>("POST", `/files?name=${encodeURIComponent(file.name)}`, {
      bytes: file,
      timeoutMs: UPLOAD_MS,
    }),
};

type ApiName = Pick<ApiRow, "space" | "module" | "function">;

function apiPath({ space, module, function: name }: ApiName): string {
  return `/apis/${[space, module, name].map(encodeURIComponent).join("/")}`;
}

interface CallOptions {
  json?: unknown;
  bytes?: Blob;
  timeoutMs?: number;
}

async function call<T>(method: "GET" | "POST" | "PATCH", path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const body = await readJson(response);
  if (response.ok) return body as T;
  const text = failureText(body);
  if (text !== undefined && response.status < 500) throw new ApiFailure("refused", codeOf(body), text);
  throw new ApiFailure("broken", `HTTP_${response.status}`, text ?? TEXTS.serverBroken);
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const { json, bytes, timeoutMs = QUICK_MS } = options;
  const type = bytes === undefined ? "application/json" : "application/octet-stream";
  const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json));
  try {
    const response = await fetch(`/_local${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body, headers: { "content-type": type } }),
    });
    noteReachable(true);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") {
      if (timeoutMs === QUICK_MS) noteReachable(false);
      throw new ApiFailure("timeout", "TIMEOUT", TEXTS.serverSlow);
    }
    noteReachable(false);
    throw new ApiFailure("unreachable", "UNREACHABLE", TEXTS.serverGone);
  }
}

function noteReachable(now: boolean): void {
  const back = now && !reachable.value;
  reachable.set(now);
  if (back) noteChange();
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiFailure("broken", `HTTP_${response.status}`, TEXTS.serverBroken);
  }
}

function failureText(body: unknown): Text | undefined {
  const message = (body as { error?: { message?: Partial<Text> } } | null)?.error?.message;
  if (typeof message === "string") return { zh: message, en: message };
  return message?.zh === undefined || message.en === undefined ? undefined : { zh: message.zh, en: message.en };
}

function codeOf(body: unknown): string {
  return String((body as { error?: { code?: unknown } } | null)?.error?.code ?? "ERROR");
}

/** Whatever was thrown, as a failure with a text for people. */
export function asFailure(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure("broken", "PAGE", TEXTS.pageBroken);
}
