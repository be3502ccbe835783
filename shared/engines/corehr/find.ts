/** Looks for the CoreHR process that a submission started: in the list of its time, by the id that each process shows. */

import { type Deadline, deadlineIn } from "../../base/deadline";
import { StartflowError } from "../../base/errors";
import { describeError, log } from "../../base/log";
import type { FeishuApp } from "../../feishu/app";
import { admitted } from "../../feishu/limits";
import type { MethodContext } from "../../platform/context";
import type { Found, Sought } from "../engine";
import { getProcess, listProcesses } from "./api";
import { COREHR_LIMITS, type ProcessDetail, type UserIdType } from "./wire";

export interface FindParts {
  app: () => FeishuApp;
  /** Where the calls of all instances are counted. */
  context: MethodContext;
  flowDefinitionId: string;
  userIdType: UserIdType;
  /** The variable that carries the id, and the name under which a process shows it among its abstracts. */
  stamp: { variable: string; abstract: string } | undefined;
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
export async function findProcess(parts: FindParts, sought: Sought): Promise<Found> {
  try {
    const found = await look(parts, sought, deadlineIn(TIMEOUT_MS));
    log("info", "engine was asked for a process", { submissionId: sought.id, found });
    return found;
  } catch (error) {
    log("warn", "engine could not be asked", { submissionId: sought.id, error: describeError(error) });
    return error instanceof StartflowError && error.code === "ENGINE_BUSY" ? "not-now" : "cannot-tell";
  }
}

async function look(parts: FindParts, sought: Sought, deadline: Deadline): Promise<Found> {
  const app = parts.app();
  const ids = await changedSince(app, parts, sought, deadline);
  if (ids === undefined) return "cannot-tell";
  if (ids.length === 0) return "none";
  // Another version of the method may have carried the id elsewhere.
  if (parts.stamp === undefined || sought.stamp !== parts.stamp.variable) return "cannot-tell";
  let isCertain = true;
  for (const id of ids) {
    if (deadline.remainingMs() <= 0) return "cannot-tell";
    const texts = shownAs(await getProcess(app, id, parts.userIdType, deadline.remainingMs()), parts.stamp.abstract);
    if (texts.includes(sought.id)) return { processId: id };
    // One that shows no id, or one that may be ours cut short, could be the one.
    isCertain &&= texts.some((text) => STAMP.test(text) && !sought.id.startsWith(text));
  }
  return isCertain ? "none" : "cannot-tell";
}

/** What `recordId` makes: environment and submission id. */
const STAMP = /^(preview|production):[\w-]{8,64}$/;

/** `undefined` where the list is not complete. */
async function changedSince(
  app: FeishuApp,
  { flowDefinitionId, context }: FindParts,
  { sinceMs, untilMs }: Sought,
  deadline: Deadline,
): Promise<string[] | undefined> {
  const [fromMs, toMs] = [sinceMs - MARGIN_MS, untilMs + MARGIN_MS];
  if (toMs - fromMs >= MAX_SPAN_MS) return undefined;
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    if (deadline.remainingMs() <= 0) return undefined;
    await admitted(context, `${app.appId}:corehr-processes`, COREHR_LIMITS.listsPerMinute);
    const query = { flowDefinitionId, fromMs, toMs, ...(pageToken === undefined ? {} : { pageToken }) };
    const page = await listProcesses(app, query, deadline.remainingMs());
    ids.push(...(page.process_ids ?? []));
    if (ids.length > MAX_DETAILS || (page.has_more === true && !page.page_token)) return undefined;
    pageToken = page.has_more === true ? page.page_token : undefined;
  } while (pageToken !== undefined);
  return ids;
}

/** All texts of all abstracts of that name; a name and a value may come as a text or in two languages. */
function shownAs({ abstracts = [] }: ProcessDetail, abstract: string): string[] {
  return abstracts.filter(({ name }) => textsOf(name).includes(abstract)).flatMap(({ value }) => textsOf(value));
}

function textsOf(value: unknown): string[] {
  const texts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  return texts.filter((text): text is string => typeof text === "string" && text !== "");
}
