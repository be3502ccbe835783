/** Looks for the CoreHR process that a submission started: in the list of its time, by the id that each process shows. */
import type { FeishuApp } from "../feishu/app";
import { describeError, log } from "../log";
import { type Deadline, deadlineIn } from "../once/time";
import type { Found, Sought } from "../targets/target";
import { getProcess, listProcesses } from "./api";
import type { ProcessDetail, UserIdType } from "./wire";

export interface FindOptions {
  flowDefinitionId: string;
  userIdType: UserIdType;
  /** The name under which a process shows its submission id among its abstracts. */
  abstract: string | undefined;
}

/** The store's clock and Feishu's may differ, and a process is there a little after its start. */
const MARGIN_MS = 300_000;
/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/list */
const MAX_SPAN_MS = 31 * 86_400_000;
/** Of one look; each detail is a call, and 100 are to be had in a minute. */
const MAX_DETAILS = 40;
const TIMEOUT_MS = 5_000;

/**
 * "none" only where no process of the flow was changed since the claim, or where each of them shows the id of another
 * submission. Never throws: what went wrong says nothing about the process.
 */
export async function findProcess(app: () => FeishuApp, options: FindOptions, sought: Sought): Promise<Found> {
  try {
    const found = await look(app(), options, sought, deadlineIn(TIMEOUT_MS));
    log("info", "engine was asked for a process", { submissionId: sought.id, found });
    return found;
  } catch (error) {
    log("warn", "engine could not be asked", { submissionId: sought.id, error: describeError(error) });
    return "cannot-tell";
  }
}

async function look(app: FeishuApp, options: FindOptions, sought: Sought, deadline: Deadline): Promise<Found> {
  const ids = await changedSince(app, options, sought, deadline);
  if (ids === undefined) return "cannot-tell";
  if (ids.length === 0) return "none";
  if (options.abstract === undefined || sought.stamp === null) return "cannot-tell";
  let isCertain = true;
  for (const id of ids) {
    if (deadline.remainingMs() <= 0) return "cannot-tell";
    const shown = shownId(await getProcess(app, id, options.userIdType, deadline.remainingMs()), options.abstract);
    if (shown === sought.id) return { processId: id };
    // One that shows no id could be the one.
    isCertain &&= shown !== undefined;
  }
  return isCertain ? "none" : "cannot-tell";
}

/** `undefined` where the list is not complete. */
async function changedSince(
  app: FeishuApp,
  { flowDefinitionId }: FindOptions,
  { sinceMs, untilMs }: Sought,
  deadline: Deadline,
): Promise<string[] | undefined> {
  const [fromMs, toMs] = [sinceMs - MARGIN_MS, untilMs + MARGIN_MS];
  if (toMs - fromMs >= MAX_SPAN_MS) return undefined;
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    if (deadline.remainingMs() <= 0) return undefined;
    const query = { flowDefinitionId, fromMs, toMs, ...(pageToken === undefined ? {} : { pageToken }) };
    const page = await listProcesses(app, query, deadline.remainingMs());
    ids.push(...page.process_ids);
    if (ids.length > MAX_DETAILS || (page.has_more && !page.page_token)) return undefined;
    pageToken = page.has_more ? page.page_token : undefined;
  } while (pageToken !== undefined);
  return ids;
}

/** A name and a value may come as a text or in two languages. */
function shownId({ abstracts = [] }: ProcessDetail, abstract: string): string | undefined {
  const named = abstracts.find(({ name }) => textsOf(name).includes(abstract));
  return textsOf(named?.value)[0];
}

function textsOf(value: unknown): string[] {
  const texts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  return texts.filter((text): text is string => typeof text === "string" && text !== "");
}
