/** Bad input, as raw HTTP bodies to both entries: a clear error that names the field, and nothing started. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestAnswer } from "../../local/console/wire";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

let platform: PlatformHere;
const data = temporaryFolder();
beforeAll(async () => {
  platform = await platformHere(data);
});
afterAll(async () => {
  await platform.stop();
  rmSync(data, { recursive: true });
});

const leave = '"reason":"探亲","days":3,"startsOn":"2026-12-01"';
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

/** Raw JSON of the params -> the code, and the issue that is named. */
const CASES: [what: string, params: string, code: string, issue?: { path: string; code: string }][] = [
  [
    "__proto__",
    `{${leave},"__proto__":{"admin":true}}`,
    "INVALID_PARAMS",
    { path: "__proto__", code: "forbidden_key" },
  ],
  ["constructor", `{${leave},"constructor":1}`, "INVALID_PARAMS", { path: "constructor", code: "forbidden_key" }],
  ["nesting 100,000 deep", nested(100_000), "PARAMS_TOO_LARGE"],
  ["nesting 100,000 deep in a field", `{"reason":${nested(100_000)}}`, "PARAMS_TOO_LARGE"],
  ["60,000 items", `{"reason":[${new Array(60_000).fill("1").join(",")}]}`, "PARAMS_TOO_LARGE"],
  ["60,000 fields", `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(",")}}`, "PARAMS_TOO_LARGE"],
  [
    "NaN as text",
    `{"reason":"x","days":"NaN","startsOn":"2026-12-01"}`,
    "INVALID_PARAMS",
    { path: "days", code: "expected_number" },
  ],
  [
    "1e400",
    `{"reason":"x","days":1e400,"startsOn":"2026-12-01"}`,
    "INVALID_PARAMS",
    { path: "days", code: "not_finite" },
  ],
  [
    "a 19-digit number",
    `{"reason":"x","days":1549943583216373762,"startsOn":"2026-12-01"}`,
    "INVALID_PARAMS",
    { path: "days", code: "unsafe_number" },
  ],
  [
    "a lone surrogate",
    `{"reason":"a\\ud800b","days":3,"startsOn":"2026-12-01"}`,
    "INVALID_PARAMS",
    { path: "reason", code: "bad_text" },
  ],
  [
    "2023-02-30",
    `{"reason":"x","days":3,"startsOn":"2023-02-30"}`,
    "INVALID_PARAMS",
    { path: "startsOn", code: "invalid_date" },
  ],
  ["an unknown field", `{${leave},"reasn":"x"}`, "INVALID_PARAMS", { path: "reasn", code: "unknown_field" }],
  ["a missing field", `{"reason":"x","days":3}`, "INVALID_PARAMS", { path: "startsOn", code: "required" }],
  [
    "a field of the wrong type",
    `{"reason":["x"],"days":3,"startsOn":"2026-12-01"}`,
    "INVALID_PARAMS",
    { path: "reason", code: "expected_text" },
  ],
  ["ExtraUserInfo", `{${leave},"ExtraUserInfo":{"UserId":1,"Source":4}}`, "IDENTITY_IN_FORM"],
  ["ExtraUserInfo inside data", `{"data":{${leave},"ExtraUserInfo":{"UserId":1}}}`, "IDENTITY_IN_FORM"],
  ["text", '"reason"', "PARAMS_NOT_OBJECT"],
  ["a list", "[1,2]", "PARAMS_NOT_OBJECT"],
  ["null", "null", "PARAMS_NOT_OBJECT"],
];

async function send(params: string, entry: string): Promise<TestAnswer> {
  const answer = await fetch(`${platform.url}/_local/methods/start-leave/test`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `{"params":${params},"entry":"${entry}"}`,
  });
  return (await answer.json()) as TestAnswer;
}

describe.each(["code", "main"])("through %s", (entry) => {
  it.each(CASES)("%s is refused", async (_, params, code, issue) => {
    const answer = await send(params, entry);
    expect(answer).toMatchObject({ ok: false, error: { code, outcome: "rejected" }, requests: [] });
    expect(answer.error?.message.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(answer.error?.message.en).toMatch(/[A-Za-z]/);
    if (issue !== undefined) expect(answer.error?.issues).toMatchObject([issue]);
    expect(JSON.stringify(answer.error)).not.toMatch(/at .*\.js:\d+/);
    expect(await platform.instances()).toEqual([]);
  });
});
