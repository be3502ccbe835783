/** docs/sync-api.md and its Chinese twin against the tables that are in force. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LOCKOUT } from "../../shared/sync-api/gate/lockout";
import { SIGNATURE, signatureOf } from "../../shared/sync-api/gate/signature";
import { LIMITS } from "../../shared/sync-api/routes/route";
import { STATE_MS } from "../../shared/sync-api/routes/state-cache";
import { CALLBACK } from "../../shared/sync-api/runs/callback";
import { KEY_WINDOW_MS } from "../../shared/sync-api/runs/idempotency";
import { REFUSALS, RUN_CODES } from "../../shared/sync-api/wire/codes";

const DOCS = ["docs/sync-api.md", "docs/sync-api.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");
const cellsOf = (row: string) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`|`$/g, ""));

describe.each(DOCS)("%s", (file) => {
  const doc = read(file);
  const rows = doc
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map(cellsOf);
  const rowOf = (name: string, cells: number) => rows.find((row) => row[0] === name && row.length === cells);

  it("prints every refusal with its status, its code and both texts", () => {
    for (const [kind, { status, code, zh, en }] of Object.entries(REFUSALS)) {
      expect(rowOf(kind, 5)).toEqual([kind, String(status), code, en, zh]);
    }
  });

  it("prints every state of a run with its code, its status and its text", () => {
    for (const [state, { code, status, zh, en }] of Object.entries(RUN_CODES)) {
      const [, shownCode, shownStatus, text] = rowOf(state, 4) ?? [];
      expect([state, shownCode, shownStatus]).toEqual([state, String(code), String(status)]);
      if (en !== "") expect(text).toBe(`${en} ${zh}`);
    }
  });

  it("prints the numbers of callbacks, and the limits", () => {
    for (const [name, value] of Object.entries(CALLBACK)) expect(rowOf(name, 3)?.[1]).toBe(String(value));
    for (const value of [LIMITS.waitMs, LIMITS.bodyBytes, LIMITS.maxBodyBytes, LIMITS.queuedBytes]) {
      expect(doc).toContain(String(value));
    }
    expect(doc).toContain(`${STATE_MS} `);
    expect(doc).toContain(`${LOCKOUT.failures} `);
    expect(doc).toContain(`${LOCKOUT.windowMs / 60_000} `);
    expect(doc).toContain(`${SIGNATURE.toleranceSeconds} `);
    expect(doc).toContain(`${KEY_WINDOW_MS / 3_600_000} `);
  });

  it("shows a way to sign that the API takes", () => {
    const source = /```js\n(const \{ createHash[\s\S]*?)```/.exec(doc)?.[1] ?? "";
    const sign = new Function("require", `${source}; return sign;`)(
      process.getBuiltinModule("node:module").createRequire(import.meta.url),
    );
    const parts = { method: "POST", path: "/v1/api/a/b/c", body: '{"name":"合同"}' };
    const given = sign("secret", { ...parts, idempotencyKey: "k" }) as string;
    const [, at = "", v1] = /^t=(\d+),v1=(\w+)$/.exec(given) ?? [];
    expect(v1).toBe(signatureOf("secret", { at, ...parts, query: "", key: "k" }));
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part]) => part);
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm])
    expect(all(chinese, pattern)).toEqual(all(english, pattern));
});
