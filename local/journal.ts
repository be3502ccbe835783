/** An append-only file of JSON lines: what was acknowledged survives a kill, and nothing is ever half there. */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, truncate } from "node:fs/promises";
import { dirname } from "node:path";

export interface Journal<Entry> {
  /**
   * Resolves once the whole line was handed to the operating system. Appends under way go out as one write.
   * One that fails takes those behind it with it, as they may build on it: each is undone, the last one first, before
   * anything else can run.
   */
  append(entry: Entry, undo?: () => void): Promise<void>;
  /** Rewrites the file as its snapshot. Appends wait meanwhile. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalParts<Entry> {
  /** Called for each complete line when the file is opened. Replaying an entry twice must do no harm. */
  replay(entry: Entry): void;
  /**
   * The entries that make the present state, read when the file is compacted: at least what was acknowledged. The state
   * may change between two steps, and what is appended meanwhile follows in the new file.
   */
  snapshot(): Iterable<Entry>;
}

/** Compacted when the file has grown to this many times what it held after its last compaction. */
const GROWTH = 4;
const MIN_COMPACT_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** As `a` opens a file, but emptied: the handle stays good when the file takes another's name. */
const EMPTY_FOR_APPENDS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

interface Waiting {
  line: string;
  undo: () => void;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** @throws Error that names the file and the line where a line in the middle is broken */
export async function openJournal<Entry>(file: string, parts: JournalParts<Entry>): Promise<Journal<Entry>> {
  await mkdir(dirname(file), { recursive: true });
  const size = await replayFile(file, parts.replay);
  const tail = tailOf(await open(file, "a"), size);
  let compactedSize = size;
  let work: Promise<void> = Promise.resolve();

  // One step at a time: a write, a compaction or the close.
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step);
    work = done.catch(() => undefined);
    return done;
  };
  const compactNow = async () => {
    // Whoever was just answered gets on while this waits for the disk: the state holds all that was acknowledged.
    const part = await open(`${file}.tmp`, EMPTY_FOR_APPENDS);
    try {
      const written = await writeSnapshot(part, parts.snapshot());
      await rename(`${file}.tmp`, file);
      await tail.moveTo(part, written);
      compactedSize = Math.max(written, 1);
    } catch (error) {
      await part.close().catch(() => undefined);
      await rm(`${file}.tmp`, { force: true }).catch(() => undefined);
      throw error;
    }
  };
  // What was appended is safe already: a compaction that fails is told, and tried again when the file has grown on.
  const compactGrown = async () => {
    if (tail.size() <= MIN_COMPACT_BYTES || tail.size() <= compactedSize * GROWTH) return;
    await compactNow().catch((error: unknown) => {
      compactedSize = tail.size();
      console.error(`startflow: ${file} could not be compacted: ${String(error)}`);
    });
  };

  return {
    append(entry, undo = () => undefined) {
      return new Promise((resolve, reject) => {
        const isFirst = tail.add({ line: `${JSON.stringify(entry)}\n`, undo, resolve, reject });
        if (isFirst) void inTurn(() => tail.flush().then(compactGrown));
      });
    },
    compact: () => inTurn(compactNow),
    close: () => inTurn(() => tail.flush().then(tail.close)),
  };
}

/** The end of the open file, and the lines that wait to go there. */
function tailOf(first: FileHandle, firstSize: number) {
  let handle = first;
  let size = firstSize;
  let waiting: Waiting[] = [];
  let isTorn = false;

  const write = async (batch: Waiting[]) => {
    // A write that failed half way must not leave half a line before the next one.
    if (isTorn) await handle.truncate(size);
    isTorn = true;
    const bytes = Buffer.from(batch.map(({ line }) => line).join(""));
    await handle.appendFile(bytes);
    isTorn = false;
    size += bytes.length;
  };
  const giveUp = async (batch: Waiting[], error: unknown) => {
    isTorn = await handle.truncate(size).then(
      () => false,
      () => true,
    );
    const failed = [...batch, ...waiting].reverse();
    waiting = [];
    for (const { undo } of failed) undo();
    for (const { reject } of failed) reject(error);
  };
  return {
    size: () => size,
    /** Whether it is the first to wait. */
    add: (one: Waiting) => waiting.push(one) === 1,
    async flush() {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        try {
          await write(batch);
          for (const { resolve } of batch) resolve();
        } catch (error) {
          await giveUp(batch, error);
        }
      }
    },
    async moveTo(next: FileHandle, nextSize: number) {
      const old = handle;
      [handle, size, isTorn] = [next, nextSize, false];
      await old.close().catch(() => undefined);
    },
    async close() {
      if (isTorn) await handle.truncate(size).catch(() => undefined);
      await handle.close();
    },
  };
}

/** The file's size without a torn last line, which is cut off. */
async function replayFile<Entry>(file: string, replay: (entry: Entry) => void): Promise<number> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const end = bytes.indexOf(10, start);
    const entry = end === -1 ? undefined : parsed<Entry>(bytes.toString("utf8", start, end));
    if (entry === undefined) {
      // A kill, or a machine that went down, can tear the last line only.
      if (end !== -1 && end !== bytes.length - 1) throw broken(file, number, "not JSON");
      await truncate(file, start);
      return start;
    }
    try {
      replay(entry.value);
    } catch (error) {
      throw broken(file, number, String(error), error);
    }
    start = end + 1;
  }
  return bytes.length;
}

function broken(file: string, line: number, why: string, cause?: unknown): Error {
  return new Error(`${file}, line ${line}: ${why}. Restore the file, or move it away to start empty.`, { cause });
}

function parsed<Entry>(line: string): { value: Entry } | undefined {
  try {
    return { value: JSON.parse(line) as Entry };
  } catch {
    return undefined;
  }
}

/** Written whole and synced before it takes the old file's place. */
async function writeSnapshot<Entry>(part: FileHandle, entries: Iterable<Entry>): Promise<number> {
  let size = 0;
  let chunk = "";
  const flush = async () => {
    await part.appendFile(chunk);
    size += Buffer.byteLength(chunk);
    chunk = "";
  };
  for (const entry of entries) {
    chunk += `${JSON.stringify(entry)}\n`;
    if (chunk.length > CHUNK_BYTES) await flush();
  }
  await flush();
  await part.sync();
  return size;
}
