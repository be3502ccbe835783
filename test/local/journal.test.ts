/** The journal: what it acknowledged is there after a kill at any moment, and nothing is ever half there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openJournal } from "../../local/journal";
import { counted } from "../helpers/counts";

interface Entry {
  n: number;
  text?: string;
}

let root: string;
let file: string;
let script: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "startflow-journal-"));
  script = join(root, "child.mjs");
  const entry = join("test", "local", "append-until-killed.ts");
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: "node", format: "esm" });
});
beforeEach(async () => {
  file = join(await mkdtemp(join(root, "one-")), "deep", "journal.jsonl");
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A journal whose state is the list of its entries; `record` changes the state after the append, as most users do. */
async function open(at = file) {
  const state: Entry[] = [];
  const parts = { replay: (entry: Entry) => void state.push(entry), snapshot: () => [...state] };
  const journal = await openJournal<Entry>(at, parts);
  const record = async (entry: Entry) => {
    await journal.append(entry);
    state.push(entry);
  };
  return { ...journal, state, record };
}

async function reopened(at = file): Promise<Entry[]> {
  const { state, close } = await open(at);
  await close();
  return state;
}

const numbers = (entries: Entry[]) => entries.map(({ n }) => n);

describe("a journal", () => {
  it("replays what was appended, in order", async () => {
    const first = await open();
    expect(first.state).toEqual([]);
    for (const n of [1, 2, 3]) await first.record({ n, text: "你好\n😀\u2028" });
    await first.close();
    expect(await reopened()).toEqual([1, 2, 3].map((n) => ({ n, text: "你好\n😀\u2028" })));
  });

  it("keeps the order of many appends at once, and all of them", async () => {
    const journal = await open();
    const all = Array.from({ length: counted(100_000) }, (_, n) => n);
    await Promise.all(all.map((n) => journal.record({ n })));
    expect(numbers(journal.state)).toEqual(all);
    await journal.close();
    expect(numbers(await reopened())).toEqual(all);
  });

  it("writes what waits before it closes, and takes nothing after", async () => {
    const journal = await open();
    const appends = [1, 2].map((n) => journal.append({ n }));
    await journal.close();
    await Promise.all(appends);
    await expect(journal.append({ n: 3 })).rejects.toBeInstanceOf(Error);
    expect(numbers(await reopened())).toEqual([1, 2]);
  });

  it("refuses an entry that is no JSON, and goes on", async () => {
    const journal = await open();
    await expect(journal.append({ n: 1n as unknown as number })).rejects.toThrow(/BigInt/);
    await journal.record({ n: 2 });
    await journal.close();
    expect(numbers(await reopened())).toEqual([2]);
  });
});

describe("a torn file", () => {
  it("cut at any byte of its last line loses that line only, and the next append starts clean", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    const property = fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), fc.nat(), async (texts, at) => {
      const lines = texts.map((text, n) => Buffer.from(`${JSON.stringify({ n, text })}\n`));
      const last = lines.at(-1) ?? Buffer.alloc(0);
      const kept = Buffer.concat(lines.slice(0, -1));
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, Buffer.concat([kept, last.subarray(0, at % last.length)]));
      const journal = await open();
      expect(numbers(journal.state)).toEqual(texts.slice(1).map((_, n) => n));
      expect(await readFile(file)).toEqual(kept);
      await journal.record({ n: 99 });
      await journal.close();
      expect(numbers(await reopened())).toEqual([...texts.slice(1).map((_, n) => n), 99]);
    });
    await fc.assert(property, { numRuns: counted(2_000) });
  });

  it("whose last line is zeros, as after a power cut, loses that line only", async () => {
    await (await open()).close();
    for (const end of ["\0\0\0\0", "\0\0\0\0\n", '{"n":2,\n']) {
      await writeFile(file, `{"n":1}\n${end}`);
      expect(numbers(await reopened())).toEqual([1]);
      expect(await readFile(file, "utf8")).toBe('{"n":1}\n');
    }
  });

  it.each(["{", "", "\0\0"])(
    "broken in the middle by %j is an error that names file and line, and is left alone",
    async (line) => {
      await (await open()).close();
      const content = `{"n":1}\n${line}\n{"n":3}\n`;
      await writeFile(file, content);
      await expect(open()).rejects.toThrow(`${file}, line 2: not JSON`);
      expect(await readFile(file, "utf8")).toBe(content);
    },
  );

  it("with a line that cannot be replayed is an error that names file and line", async () => {
    await (await open()).close();
    await writeFile(file, '{"n":1}\nnull\n{"n":3}\n');
    const replay = ({ n }: Entry) => void n;
    await expect(openJournal<Entry>(file, { replay, snapshot: () => [] })).rejects.toThrow(
      `${file}, line 2: TypeError`,
    );
  });

  it("that is a directory is an error", async () => {
    await mkdir(file, { recursive: true });
    await expect(open()).rejects.toMatchObject({ code: "EISDIR" });
  });
});

describe("a compaction", () => {
  it("keeps the state alone", async () => {
    const journal = await open();
    for (const n of [1, 2, 3]) await journal.record({ n });
    journal.state.shift();
    await journal.compact();
    expect(await readFile(file, "utf8")).toBe('{"n":2}\n{"n":3}\n');
    await journal.record({ n: 4 });
    await journal.close();
    expect(numbers(await reopened())).toEqual([2, 3, 4]);
  });

  it("loses none of the appends that come before, during and after it", async () => {
    const journal = await open();
    const all: Promise<void>[] = [];
    for (let n = 0; n < counted(40_000); n += 1) {
      all.push(journal.record({ n, text: "x".repeat(300) }));
      if (n % 500 === 250) all.push(journal.compact());
      if (n % 100 === 0) await new Promise((turn) => setImmediate(turn));
    }
    await Promise.all(all);
    await journal.close();
    const found = numbers(await reopened());
    // Replaying an entry twice does no harm, so twice is allowed; the state itself must be whole.
    expect([...new Set(found)].sort((a, b) => a - b)).toEqual(numbers(journal.state).sort((a, b) => a - b));
  });

  it("holds what was acknowledged a moment before", async () => {
    const journal = await open();
    const recorded = journal.record({ n: 1 });
    const compacted = journal.compact();
    await Promise.all([recorded, compacted]);
    await journal.close();
    expect(numbers(await reopened())).toContain(1);
  });

  it("comes by itself when the file has grown, and not for a small one", async () => {
    const journal = await open();
    const append = () => journal.append({ n: 1, text: "x".repeat(1_000_000) });
    for (const _ of [1, 2, 3]) await append();
    expect((await stat(file)).size).toBeGreaterThan(3_000_000);
    for (const _ of [1, 2]) await append();
    await journal.append({ n: 2 });
    await journal.close();
    expect(await readFile(file, "utf8")).toBe('{"n":2}\n');
  });

  it("ignores what a kill left of another one", async () => {
    await (await open()).close();
    await writeFile(`${file}.tmp`, `${"x".repeat(5_000)}\n{"n":`);
    const journal = await open();
    await journal.record({ n: 1 });
    await journal.compact();
    await journal.close();
    expect(await readFile(file, "utf8")).toBe('{"n":1}\n');
    await expect(stat(`${file}.tmp`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("that fails loses nothing, and the journal goes on", async () => {
    const journal = await open();
    await journal.record({ n: 1 });
    await mkdir(`${file}.tmp`);
    await expect(journal.compact()).rejects.toMatchObject({ code: "EISDIR" });
    await journal.record({ n: 2 });
    await rm(`${file}.tmp`, { recursive: true });
    await journal.compact();
    await journal.record({ n: 3 });
    await journal.close();
    expect(numbers(await reopened())).toEqual([1, 2, 3]);
  });

  it("whose state cannot be read fails, and leaves no file behind", async () => {
    const snapshot = (): Entry[] => {
      throw new Error("no state");
    };
    const journal = await openJournal<Entry>(file, { replay: () => undefined, snapshot });
    await journal.append({ n: 1 });
    await expect(journal.compact()).rejects.toThrow("no state");
    await expect(stat(`${file}.tmp`)).rejects.toMatchObject({ code: "ENOENT" });
    await journal.append({ n: 2 });
    await journal.close();
    expect(numbers(await reopened())).toEqual([1, 2]);
  });

  it("that comes by itself and fails is no failure of an append", async () => {
    const journal = await open();
    await mkdir(`${file}.tmp`);
    for (let n = 0; n < 6; n += 1) await journal.append({ n, text: "x".repeat(1_000_000) });
    await journal.close();
    expect(numbers(await reopened())).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("a process", () => {
  it("that is killed in the middle of appends and compactions has kept all that it acknowledged", async () => {
    for (let round = 0; round < counted(40); round += 1) {
      const at = join(root, `killed-${round}`, "journal.jsonl");
      const child = spawn(process.execPath, [script, at], { stdio: ["ignore", "pipe", "inherit"] });
      const acknowledged: number[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(Number(line));
        if (acknowledged.length === 100 + round * 7) child.kill("SIGKILL");
      }
      if (child.signalCode === null) await once(child, "exit");
      expect(child.signalCode).toBe("SIGKILL");
      expect(numbers(await reopened(at))).toEqual(expect.arrayContaining(acknowledged));
    }
  });

  it("whose disk is full fails the appends that do not fit, whole, with those behind them", async () => {
    // The limit of a file's size is in KiB: a write beyond it is done in part, and then fails.
    const command = `ulimit -f 16; exec "$0" "$1" "$2" limit 6`;
    const child = spawn("bash", ["-c", command, process.execPath, script, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) said.push(line);
    const saidOf = (word: string) =>
      said.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length + 1));
    const kept = saidOf("kept").map(Number);
    expect(kept).toContain(1_000_000);
    expect(saidOf("failed").length).toBeGreaterThan(0);
    // Undone in the opposite order: the last of each failed batch first.
    const undone = saidOf("undone").join().split(",").map(Number);
    expect([...undone].sort((a, b) => a - b)).toEqual(
      saidOf("failed")
        .map(Number)
        .sort((a, b) => a - b),
    );
    expect(undone.some((n, at) => n % 3 === 0 && undone[at - 1] === n + 1)).toBe(true);
    expect(numbers(await reopened())).toEqual(kept);
  });
});
