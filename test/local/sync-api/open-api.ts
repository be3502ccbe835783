/** Calls of `/v1` as another program makes them, and what the tests of them share. */
import type { ApiRow, InstanceView } from "../../../local/console/wire";
import type { PlatformHere } from "../../helpers/platform";

export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Of `response`. */
  body: {
    data: unknown;
    code: number;
    msg: string;
    uid: string;
    state?: string;
    node?: { id: string; name: string };
    waiting?: { name: string; assignees: string[] }[];
    processId?: string | null;
    error?: { code: string; message: string; fields?: { path: string; message: string }[] };
    [member: string]: unknown;
  };
}

export const TOKEN = { token: "123456" };
export const LOGIN = { user: "botman", password: "123456" };

export interface Api {
  /** `path` behind `/v1`. With a body: POST as JSON. */
  call(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: unknown },
  ): Promise<ApiAnswer>;
  change(name: string, change: object): Promise<ApiRow>;
}

/** Those that are started from now on: a reset would end the function's processes, and each test begin with new ones. */
export async function startedFromNow({ instances }: PlatformHere): Promise<() => Promise<InstanceView[]>> {
  const { length } = await instances();
  return async () => {
    const newestFirst = await instances();
    return newestFirst.slice(0, newestFirst.length - length);
  };
}

export function apiOf(platform: PlatformHere): Api {
  return {
    async call(path, { method, headers = {}, body } = {}) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await fetch(`${platform.url}/v1${path}`, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: text }),
      });
      const { response } = (await answer.json()) as { response: ApiAnswer["body"] };
      return { status: answer.status, headers: answer.headers, body: response };
    },
    change: (name, change) => platform.send("PATCH", `/_local/apis/${name}`, change),
  };
}
