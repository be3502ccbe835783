/** A process that appends to a journal, and prints each entry once it was acknowledged, or why it was not. */
import { openJournal } from "../../local/journal";

const [file = "", mode = "", count = "0"] = process.argv.slice(2);
const state: number[] = [];
const journal = await openJournal<{ n: number; padding?: string }>(file, {
  replay: ({ n }) => state.push(n),
  snapshot: () => state.map((n) => ({ n })),
});
const say = (line: string) => process.stdout.write(`${line}\n`);

async function appendForever(first: number, step: number): Promise<never> {
  for (let n = first; ; n += step) {
    await journal.append({ n });
    state.push(n);
    say(String(n));
    if (n % 50 === 0) await journal.compact();
  }
}

/** Under a limit of the file's size, the long entries are written half and fail; the short ones fit. */
async function appendToTheLimit(): Promise<void> {
  const undone: string[] = [];
  const append = (n: number, padding: string) =>
    journal
      .append({ n, padding }, () => undone.push(String(n)))
      .then(
        () => say(`kept ${n}`),
        () => say(`failed ${n}`),
      );
  for (let n = 0; n < Number(count); n += 1) {
    const long = append(3 * n, "x".repeat(6_000));
    // These two come while the long one is being written, so they may build on it.
    await new Promise((turn) => setImmediate(turn));
    await Promise.all([long, append(3 * n + 1, ""), append(3 * n + 2, "")]);
  }
  say(`undone ${undone.join(",")}`);
  await append(1_000_000, "");
  await journal.close();
}

if (mode === "limit") await appendToTheLimit();
else await Promise.all(Array.from({ length: 8 }, (_, first) => appendForever(first, 8)));
