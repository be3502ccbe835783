/** A process that changes documents until it is killed, or until its file may not grow any more. */
import { openDocuments } from "../../../local/cloudbase/documents";
import { encode } from "../../../local/cloudbase/ejson";

const [dir = "", mode = ""] = process.argv.slice(2);
const documents = await openDocuments({ dir });
const change = (id: string, n: number, padding = "") => ({
  collection: "things",
  id,
  document: { _id: id, n, padding },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const turn = () => new Promise((settle) => setImmediate(settle));

/** Two documents change in one step, while the file is compacted over and over. */
async function changeInPairs(): Promise<never> {
  await documents.createCollection("things");
  for (let n = 0; n < 1_000; n += 1) {
    void documents.apply([change(`between ${n}`, n, "x".repeat(200))]);
    if (n === 0) await documents.apply([change("first", 0)]);
  }
  await documents.apply([change("first", 0), change("last", 0)]);
  void (async () => {
    for (;;) await documents.compact();
  })();
  for (let n = 1; ; n += 1) {
    await documents.apply([change("first", n), change("last", n)]);
    say(String(n));
    await turn();
  }
}

/** Each change builds on the one before, which may fail. */
async function fillTheDisk(): Promise<void> {
  await documents.createCollection("things");
  let failed = 0;
  const changes: Promise<void>[] = [];
  const start = (change: Promise<void>) =>
    changes.push(
      change.catch(() => {
        failed += 1;
      }),
    );
  for (let n = 0; n < 60; n += 1) {
    start(documents.apply([change("same", n, "x".repeat(n % 4 === 1 ? 3_000 : 0)), change(`own ${n}`, n)]));
    if (n % 3 === 0) await turn();
    if (n % 20 === 19) start(documents.createCollection(`made ${n} ${"y".repeat(1_000)}`));
  }
  await Promise.all(changes);
  say(String(failed));
  say(JSON.stringify([...documents.documents("things")].map(encode).sort()));
  say(JSON.stringify([19, 39, 59].map((n) => documents.hasCollection(`made ${n} ${"y".repeat(1_000)}`))));
  await documents.close();
}

await (mode === "fill" ? fillTheDisk() : changeInPairs());
