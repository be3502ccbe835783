/** A prepared call as the client makes it, for the tests of what sends it. */
import { randomUUID } from "node:crypto";
import type { PreparedCall } from "../../../shared/proxy/call";
import { type PlatformInput, platformSchema } from "../../../shared/proxy/catalogue/catalogue";
import { InterfaceError } from "../../../shared/proxy/error";

type InterfaceInput = PlatformInput["interfaces"][string];

export interface Wanted {
  platform?: Partial<PlatformInput>;
  definition?: Partial<InterfaceInput>;
  secrets?: Record<string, string>;
  baseUrl: string;
  allowPrivate?: boolean;
  call?: Partial<PreparedCall>;
}

/** Of a platform of its own, so that no test has the token or the breaker of another. */
export function prepared(wanted: Wanted): PreparedCall {
  const { baseUrl, allowPrivate = true, secrets = {}, call = {} } = wanted;
  const platform = platformSchema.parse({
    platform_key: `p_${randomUUID().replaceAll("-", "")}`,
    title: { zh: "平台", en: "Platform" },
    retry: { tries: 1 },
    instances: [{ instance_key: "main", baseUrl }],
    interfaces: { it: { method: "GET", path: "/customers/{id}", ...wanted.definition } },
    ...wanted.platform,
  });
  const definition = platform.interfaces.it;
  if (definition === undefined) throw new Error("the interface is called it");
  return {
    platform,
    instance: { key: "main", baseUrl, allowPrivate, secrets, variables: {} },
    interfaceKey: "it",
    definition,
    caller: "test",
    target: "/customers/12345",
    headers: {},
    body: undefined,
    timeoutMs: definition.timeoutMs ?? platform.timeoutMs,
    ...call,
  };
}

export function json(value: unknown): PreparedCall["body"] {
  return { type: "application/json; charset=utf-8", content: JSON.stringify(value) };
}

/** The error that a call ends with. */
export async function failureOf(sent: Promise<unknown>): Promise<InterfaceError> {
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof InterfaceError) return error;
  throw new Error(`expected an InterfaceError: ${String(error)}`);
}

/** Also of what throws at once, before there is anything to wait for. */
export const thrownBy = (run: () => unknown): Promise<InterfaceError> => failureOf(Promise.resolve().then(run));
