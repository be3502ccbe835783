/**
 * `Idempotency-Key`: the same key and content is the same run, also when it is sent a thousand times at once.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
import { createHash } from "node:crypto";
import { attempts } from "../../once/dispatch";
import { answered, type Database, insertDocument } from "../../platform/database";
import { type Reply, refusal } from "../wire/envelope";
import { newUid } from "./uid";

export const KEYS = "startflow_keys";

/** How long a key stands for its run. docs/sync-api.md prints it. */
export const KEY_WINDOW_MS = 86_400_000;

const KEY = /^[\x21-\x7e]{1,200}$/;

/** The key without the quotes that the draft asks for; an answer where it is none. */
export function readKey(header: string | undefined, isRequired: boolean): { key?: string } | { refused: Reply } {
  if (header === undefined || header === "") return isRequired ? { refused: refused("缺少", "is missing") } : {};
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  return KEY.test(key)
    ? { key }
    : { refused: refused("应为 1 到 200 个可见字符", "takes 1 to 200 visible characters") };
}

function refused(zh: string, en: string): Reply {
  const message = { zh: `请求头 Idempotency-Key ${zh}`, en: `The header Idempotency-Key ${en}` };
  return refusal("invalidParams", { message });
}

interface KeyRecord {
  _id: string;
  uid: string;
  fingerprint: string;
  at: Date;
}

/** Which run a key stands for: a new one, the run of an earlier request, or none, as that one had other content. */
export type KeyedRun = { uid: string; isRepeat: boolean } | "other-content";

/** @param fingerprint of the content. @throws StartflowError STORE_UNREACHABLE */
export async function runOfKey(
  database: Database,
  { scope, key, fingerprint }: { scope: string; key: string; fingerprint: string },
): Promise<KeyedRun> {
  const _id = createHash("sha256").update(`${scope}\n${key}`).digest("hex");
  const uid = newUid();
  const record = { _id, uid, fingerprint, at: database.serverDate() };
  if (await attempts(() => insertDocument(database, KEYS, record))) return { uid, isRepeat: false };
  if (await renewed(database, _id, { uid, fingerprint })) return { uid, isRepeat: false };
  // Read after that: of two that find it too old at once, the run of the first is meant by both.
  const { data = [] } = await attempts(() =>
    answered<{ data?: KeyRecord[] }>(database.collection(KEYS).doc(_id).get()),
  );
  const [found] = data;
  // Its own, where an answer was lost; or one that was just deleted because of its age.
  if (found === undefined || found.uid === uid) return { uid, isRepeat: false };
  return found.fingerprint === fingerprint ? { uid: found.uid, isRepeat: true } : "other-content";
}

/** By the store's clock; of two that find it too old at once, one gets it. */
async function renewed(
  database: Database,
  _id: string,
  change: { uid: string; fingerprint: string },
): Promise<boolean> {
  const isOver = database.command.lte(database.serverDate({ offset: -KEY_WINDOW_MS }));
  const call = () =>
    database
      .collection(KEYS)
      .where({ _id, at: isOver })
      .update({ ...change, at: database.serverDate() });
  const { updated } = await attempts(() => answered<{ updated?: number }>(call()));
  return updated === 1;
}
