/** The sync API's routes for the console: what is built, what was switched over, and a call with their debug data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { APIS } from "../../shared/sync-api/gate/lockout";
import { type Override, overridden, overrideSchema } from "../../shared/sync-api/routes/overrides";
import { routeName } from "../../shared/sync-api/routes/route";
import type { Documents } from "../cloudbase/documents";
import type { ApiChange, ApiRow, ApiRunAnswer } from "../console/wire";
import { type ApiRequestParts, curlOf, requestParts } from "./credentials";

type Described = Omit<ApiRow, "url" | "curl" | "overridden">;

export interface Apis {
  list(): ApiRow[];
  has(name: string): boolean;
  /** Kept in the document database, as in the cloud, until reset. */
  change(name: string, change: ApiChange): Promise<ApiRow>;
  /** One real call of `/v1`. */
  run(name: string, options: { data?: unknown; mode?: "sync" | "async" | undefined }): Promise<ApiRunAnswer>;
}

interface ApisParts {
  distDir: string;
  documents: Documents;
  /** Where the platform listens. */
  url: () => string;
  /** The function keeps for a moment what it has read: here a change is to be seen at once. */
  onChange: () => void;
}

export function createApis({ distDir, documents, url, onChange }: ApisParts): Apis {
  const described = JSON.parse(readFileSync(join(distDir, "apis.json"), "utf8")) as Described[];
  const rows = new Map(described.map((row) => [routeName(row), row]));
  const switched = (row: Described): ApiRow => {
    const override = overrideOf(documents, routeName(row));
    const now = overridden(row, override);
    const parts = requestParts(now, { data: now.debug });
    return { ...now, url: url() + parts.path, curl: curlOf(url(), parts), overridden: Object.keys(override) };
  };
  const rowOf = (name: string) => switched(rows.get(name) as Described);
  return {
    list: () => described.map(switched),
    has: (name) => rows.has(name),
    async change(name, { output, ...change }) {
      const document = { _id: name, ...overrideOf(documents, name), ...change };
      if (output !== undefined) Object.assign(document, { output: JSON.stringify(output) });
      if (!documents.hasCollection(APIS)) await documents.createCollection(APIS);
      await documents.apply([{ collection: APIS, id: name, document }]);
      onChange();
      return rowOf(name);
    },
    run(name, { mode, ...given }) {
      const row = rowOf(name);
      const data = "data" in given && given.data !== undefined ? given.data : row.debug;
      return call(url(), requestParts(row, { data, ...(mode === undefined ? {} : { mode }) }));
    },
  };
}

function overrideOf(documents: Documents, name: string): Override {
  const stored = documents.hasCollection(APIS) ? documents.get(APIS, name) : undefined;
  return overrideSchema.strip().parse(stored ?? {});
}

async function call(origin: string, { method, path, headers, body }: ApiRequestParts): Promise<ApiRunAnswer> {
  const startedMs = performance.now();
  const answer = await fetch(origin + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: text === "" ? null : (JSON.parse(text) as unknown),
    durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
  };
}
