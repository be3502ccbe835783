/** The document store in a process that is killed, or whose disk is full. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { openDocuments } from "../../../local/cloudbase/documents";
import { type Collections, type Entry, replayed, snapshotOf } from "../../../local/cloudbase/documents-journal";
import { encode } from "../../../local/cloudbase/ejson";
import { counted } from "../../helpers/counts";
import { temporaryDir } from "./open-admin";

async function script(dir: string): Promise<string> {
  await symlink(resolve("node_modules"), join(dir, "node_modules"));
  const outfile = join(dir, "child.mjs");
  const entry = join("test", "local", "cloudbase", "write-until-killed.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  return outfile;
}

describe("a step of several documents", () => {
  it("is there as a whole or not at all after a kill, also in the middle of a compaction", async () => {
    const dir = await temporaryDir();
    const child = await script(dir);
    for (let round = 0; round < counted(20); round += 1) {
      const state = join(dir, `state-${round}`);
      const killed = spawn(process.execPath, [child, state], { stdio: ["ignore", "pipe", "inherit"] });
      let acknowledged = 0;
      for await (const line of createInterface({ input: killed.stdout })) {
        acknowledged = Number(line);
        if (acknowledged === 20 + round * 3) killed.kill("SIGKILL");
      }
      if (killed.signalCode === null) await once(killed, "exit");
      const documents = await openDocuments({ dir: state });
      const [first, last] = [documents.get("things", "first"), documents.get("things", "last")];
      expect(first?.n).toBe(last?.n);
      expect(Number(first?.n)).toBeGreaterThanOrEqual(acknowledged);
      expect([...documents.documents("things")]).toHaveLength(1_002);
      await documents.close();
    }
  });
});

describe("a snapshot of the store", () => {
  const stateOf = (entries: Entry[]) => {
    const state: Collections = new Map();
    for (const entry of [...entries, ...entries]) replayed(state, entry);
    return state;
  };
  const documentsOf = (...pairs: [string, number][]) => new Map(pairs.map(([_id, n]) => [_id, { _id, n }]));

  it("is of one moment, whatever changes while it is written", () => {
    const collections: Collections = new Map([["things", documentsOf(["a", 1], ["b", 1])]]);
    const entries: Entry[] = [];
    for (const entry of snapshotOf(collections, [])) {
      entries.push(entry);
      for (const id of ["a", "b"]) collections.get("things")?.set(id, { _id: id, n: 2 });
      collections.set("later", new Map());
    }
    expect(stateOf(entries)).toEqual(new Map([["things", documentsOf(["a", 1], ["b", 1])]]));
  });

  it("has nothing of what is not in the journal yet, and leaves the store as it is", () => {
    const collections: Collections = new Map([
      ["things", documentsOf(["a", 3])],
      ["made", new Map()],
    ]);
    const takeBack = [
      (from: Collections) => from.get("things")?.set("a", { _id: "a", n: 1 }),
      (from: Collections) => from.get("things")?.set("a", { _id: "a", n: 2 }),
      (from: Collections) => from.delete("made"),
    ];
    expect(stateOf([...snapshotOf(collections, takeBack)])).toEqual(new Map([["things", documentsOf(["a", 1])]]));
    expect(collections.get("things")?.get("a")).toEqual({ _id: "a", n: 3 });
    expect(collections.has("made")).toBe(true);
  });
});

describe("a full disk", () => {
  it("leaves memory and file the same: what failed is in neither", async () => {
    const dir = await temporaryDir();
    const command = 'ulimit -f 16; exec "$0" "$1" "$2" fill';
    const args = ["-c", command, process.execPath, await script(dir), join(dir, "state")];
    const child = spawn("bash", args, { stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) said.push(line);
    const [failed, content = "", made = ""] = said;
    expect(Number(failed)).toBeGreaterThan(0);
    const documents = await openDocuments({ dir: join(dir, "state") });
    expect([...documents.documents("things")].map(encode).sort()).toEqual(JSON.parse(content));
    const names = [19, 39, 59].map((n) => `made ${n} ${"y".repeat(1_000)}`);
    expect(names.map((name) => documents.hasCollection(name))).toEqual(JSON.parse(made));
    await documents.close();
  });
});

describe("a store", () => {
  it("that is emptied stays empty, and takes the same ids again", async () => {
    const dir = await temporaryDir();
    const documents = await openDocuments({ dir });
    await documents.createCollection("things");
    await documents.apply([{ collection: "things", id: "a", document: { _id: "a" } }]);
    await documents.reset();
    expect(documents.hasCollection("things")).toBe(false);
    await documents.createCollection("things");
    await documents.apply([{ collection: "things", id: "a", document: { _id: "a", n: 2 } }]);
    await documents.close();
    const again = await openDocuments({ dir });
    expect([...again.documents("things")]).toEqual([{ _id: "a", n: 2 }]);
    await again.close();
  });
});

describe("what an answer may tell", () => {
  it("waits until it is in the journal, also where it is only read", async () => {
    const dir = await temporaryDir();
    const documents = await openDocuments({ dir });
    await documents.createCollection("things");
    const writing = documents.apply([{ collection: "things", id: "a", document: { _id: "a", n: "seen" } }]);
    expect(documents.get("things", "a")).toBeDefined();
    await documents.settled();
    expect(await readFile(join(dir, "documents.jsonl"), "utf8")).toContain("seen");
    await writing;
    await documents.close();
  });
});
