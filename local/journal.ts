/** An append-only file of JSON lines: what was acknowledged survives a kill, and nothing is ever half there. */
import { type FileHandle, mkdir, open, readFile, rename, truncate } from "node:fs/promises";
import { dirname } from "node:path";

export interface Journal<Entry> {
  /** Resolves once the whole line was handed to the operating system. Appends under way go out as one write. */
  append(entry: Entry): Promise<void>;
  /** Rewrites the file as its snapshot. Appends wait meanwhile. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalParts<Entry> {
  /** Called for each complete line when the file is opened. Replaying an entry twice must do no harm. */
  replay(entry: Entry): void;
  /** The entries that make the present state; read when the file is compacted. */
  snapshot(): Iterable<Entry>;
}

/** Compacted when the file has grown to this many times what it held after its last compaction. */
const GROWTH = 4;
const MIN_COMPACT_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

interface Waiting {
  line: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** @throws Error that names the file and the line where a line in the middle is broken */
export async function openJournal<Entry>(file: string, parts: JournalParts<Entry>): Promise<Journal<Entry>> {
  await mkdir(dirname(file), { recursive: true });
  let size = await replayFile(file, parts.replay);
  let compactedSize = size;
  let handle: FileHandle = await open(file, "a");
  let waiting: Waiting[] = [];
  let work: Promise<void> = Promise.resolve();

  // One step at a time: a write, a compaction or the close.
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step);
    work = done.catch(() => undefined);
    return done;
  };
  const writeWaiting = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const text = Buffer.from(batch.map(({ line }) => line).join(""));
    try {
      await handle.appendFile(text);
      size += text.length;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // A write that failed half way must not leave half a line before the next one.
      await handle.truncate(size).catch(() => undefined);
      for (const { reject } of batch) reject(error);
    }
    if (size > MIN_COMPACT_BYTES && size > compactedSize * GROWTH) await compactLater();
  };
  const compactNow = async () => {
    const written = await writeSnapshot(`${file}.tmp`, parts.snapshot());
    await rename(`${file}.tmp`, file);
    await handle.close();
    handle = await open(file, "a");
    size = written;
    compactedSize = Math.max(written, 1);
  };

  // What was appended is safe already: a compaction that fails is told, and tried again when the file has grown on.
  const compactLater = () =>
    compactNow().catch((error: unknown) => {
      compactedSize = size;
      console.error(`startflow: ${file} could not be compacted: ${String(error)}`);
    });

  return {
    append(entry) {
      return new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
        if (waiting.length === 1) void inTurn(writeWaiting);
      });
    },
    compact: () => inTurn(compactNow),
    async close() {
      await inTurn(async () => {
        await writeWaiting();
        await handle.close();
      });
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
      if (end !== -1 && end !== bytes.length - 1)
        throw new Error(`${file}, line ${number}: not JSON. Restore the file, or move it away to start empty.`);
      await truncate(file, start);
      return start;
    }
    replay(entry.value);
    start = end + 1;
  }
  return bytes.length;
}

function parsed<Entry>(line: string): { value: Entry } | undefined {
  try {
    return { value: JSON.parse(line) as Entry };
  } catch {
    return undefined;
  }
}

/** Written whole and synced before it takes the old file's place. */
async function writeSnapshot<Entry>(file: string, entries: Iterable<Entry>): Promise<number> {
  const handle = await open(file, "w");
  try {
    let size = 0;
    let chunk = "";
    const flush = async () => {
      await handle.appendFile(chunk);
      size += Buffer.byteLength(chunk);
      chunk = "";
    };
    for (const entry of entries) {
      chunk += `${JSON.stringify(entry)}\n`;
      if (chunk.length > CHUNK_BYTES) await flush();
    }
    await flush();
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}
