/** One call of each deployed function by its cloud-function entry, with its own sample, and what its answer must hold. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface DeployedCall {
  name: string;
  /** Another one each time: a repeat would be answered from the record of the first. */
  event: () => unknown;
  /** A part of the answer, without which it is a failure. */
  expected: string;
}

const HTTP_EVENT = {
  path: "/v1/api/admin/test/sync",
  httpMethod: "GET",
  headers: { token: "123456" },
  queryStringParameters: {},
  requestContext: { requestId: "bench", envId: "startflow-local" },
  body: "",
  isBase64Encoded: false,
};

/** Of the functions that start nothing. */
const EXPECTED: Record<string, string> = {
  "lookup-customer": "12345",
  "notify-approved": "{",
  "submission-status": "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21",
  sweep: "{",
  "sync-api": '"statusCode":200',
};

export function deployedCalls(): DeployedCall[] {
  const methods = JSON.parse(readFileSync(join("dist", "methods.json"), "utf8")) as {
    name: string;
    sample: object;
    target: unknown;
  }[];
  return readdirSync(join("dist", "functions")).map((name) => {
    const method = methods.find((row) => row.name === name);
    const starts = method?.target !== null;
    const event = () => (starts ? { ...method?.sample, submissionId: randomUUID() } : method?.sample);
    return {
      name,
      event: name === "sync-api" ? () => HTTP_EVENT : event,
      expected: starts ? '"outcome":"started"' : (EXPECTED[name] ?? "{"),
    };
  });
}
