/**
 * Files that were uploaded: only what a start can ask of them is kept, and a kill forgets none.
 * https://open.feishu.cn/document/server-docs/corehr-v1/employee/person/upload
 */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { COREHR_LIMITS } from "../../../shared/engines/corehr/wire";
import { openJournal } from "../../journal";
import { type ApiCall, type ApiParts, apiParsed, type Files, gatewayParsed, success } from "../api";
import { COREHR_FILES } from "../catalogue";

interface StoredFile {
  id: string;
  name: string;
  bytes: number;
}

export async function openFiles(dir: string): Promise<Files> {
  const files = new Map<string, StoredFile>();
  const journal = await openJournal<StoredFile>(join(dir, "feishu-files.jsonl"), {
    replay: (file) => void files.set(file.id, file),
    snapshot: () => files.values(),
  });
  return {
    has: (id) => files.has(id) || COREHR_FILES.includes(id),
    async add(name, bytes) {
      // As in the published example: 24 hex digits, and 32.
      const id = `${randomBytes(12).toString("hex")}_${randomBytes(16).toString("hex")}`;
      const file = { id, name, bytes };
      await journal.append(file);
      files.set(id, file);
      return id;
    },
    async clear() {
      files.clear();
      await journal.compact();
    },
    close: () => journal.close(),
  };
}

const presentSchema = z.looseObject({ file_content: z.looseObject({ bytes: z.number() }), file_name: z.string() });
/** With a suffix, and without a folder. Same page. */
const sizedSchema = z.looseObject({
  file_content: z.looseObject({ bytes: z.number().max(COREHR_LIMITS.fileBytes) }),
  file_name: z.string().regex(/^[^/\\]{1,250}\.\w{1,20}$/),
});

export async function uploadFile({ body }: ApiCall, { files }: ApiParts): Promise<unknown> {
  gatewayParsed(presentSchema, body);
  const { file_content, file_name } = apiParsed("corehrParam", sizedSchema, body);
  return success({ id: await files.add(file_name, file_content.bytes) });
}
