/** CoreHR: looks at processes, lists them, withdraws one. Pages: see routes.ts. */
import * as z from "zod";
import { PROCESS_STATUSES, type UserIdType, withdrawProcessRequestSchema } from "../../../shared/engines/corehr/wire";
import { WorkflowError } from "../../engine/workflow-error";
import type { InstanceRecord } from "../../instances/records";
import { type ApiCall, type ApiParts, gatewayParsed, queryObject, success } from "../api";
import { FeishuError } from "../feishu-error";
import { idTypesOf, SYSTEM, userBy } from "./people";
import { processDetail, statusOf } from "./process-detail";

export async function getProcess({ path, query }: ApiCall, parts: ApiParts): Promise<unknown> {
  const { user } = idTypesOf(query);
  return success(processDetail(await processOf(path, parts), user));
}

/** Up to 100 a page, and less than 31 days; that a page has 10 where it is not said is not published. */
const MAX_SPAN_MS = 31 * 86_400_000;
const epochMs = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);
const listSchema = z.object({
  page_size: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().int().min(1).max(100)),
  page_token: z.string().optional(),
  modify_time_from: epochMs,
  modify_time_to: epochMs,
  flow_definition_id: z.string().optional(),
});
const statusesSchema = z.array(z.enum(Object.keys(PROCESS_STATUSES))).max(10);

export async function listProcesses({ query }: ApiCall, { store }: ApiParts): Promise<unknown> {
  const asked = gatewayParsed(listSchema, queryObject(query));
  const statuses = gatewayParsed(statusesSchema, query.getAll("statuses"));
  const { modify_time_from: from, modify_time_to: to } = asked;
  if (from > to || to - from >= MAX_SPAN_MS) {
    throw new FeishuError("corehrParam", { detail: "modify_time_from and modify_time_to: less than 31 days" });
  }
  const before = asked.page_token ? idOfToken(asked.page_token) : undefined;
  const found = (await store.instances.list({ engine: "corehr" }))
    .filter((record) => modifiedAt(record) >= from && modifiedAt(record) <= to)
    .filter((record) => statuses.length === 0 || statuses.includes(String(statusOf(record))))
    .filter(({ processKey }) => asked.flow_definition_id === undefined || processKey === asked.flow_definition_id)
    // By id, so that a page goes on where the last one ended, whatever was started or changed meanwhile.
    .map(({ id }) => id)
    .sort((one, other) => (other > one ? 1 : -1))
    .filter((id) => before === undefined || id < before);
  const page = found.slice(0, asked.page_size);
  const last = found.length > page.length ? page.at(-1) : undefined;
  return success({
    process_ids: page,
    has_more: last !== undefined,
    page_token: last === undefined ? "" : Buffer.from(last).toString("base64url"),
  });
}

function idOfToken(token: string): string {
  const id = Buffer.from(token, "base64url").toString();
  if (/^\d{19}$/.test(id)) return id;
  throw new FeishuError("corehrParam", { detail: "page_token" });
}

const modifiedAt = ({ startedAt, snapshot }: InstanceRecord): number => snapshot.timeline.at(-1)?.at ?? startedAt;

/** Assumption: refused with 1161001 where the process has ended, or somebody else than the initiator asks. */
export async function withdrawProcess({ path, query, body }: ApiCall, parts: ApiParts): Promise<unknown> {
  const { user } = idTypesOf(query);
  const { user_id, reason, system_user } = gatewayParsed(withdrawProcessRequestSchema, body);
  const { id } = await processOf(path, parts);
  try {
    await parts.store.instances.change(
      id,
      async (record, flow) => {
        if (system_user !== true && !isInitiator(record, user, user_id)) {
          throw new FeishuError("corehrParam", { detail: "user_id is not the initiator" });
        }
        return await parts.engine.cancel(flow, record.snapshot, reason ?? "withdrawn");
      },
      "corehr",
    );
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new FeishuError("corehrParam", { detail: "the process is not running" });
  }
  return success({});
}

function isInitiator({ startedBy }: InstanceRecord, type: UserIdType, id: string | undefined): boolean {
  return id !== undefined && startedBy !== SYSTEM && userBy(type, id)?.open_id === startedBy;
}

async function processOf({ process_id: id = "" }: Record<string, string>, parts: ApiParts): Promise<InstanceRecord> {
  try {
    return await parts.store.instances.get(id, "corehr");
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new FeishuError("corehrParam", { detail: "process_id is not known" });
  }
}
