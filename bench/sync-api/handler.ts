/** The sync API as it is deployed, event in and response out, with a workflow and a store that cost nothing. */
import { routes } from "../../functions/sync-api/routes";
import { deadlineIn } from "../../shared/base/deadline";
import type { MethodContext } from "../../shared/platform/context";
import { createSyncApi } from "../../shared/sync-api/handler";
import { integrationResponse, readEvent } from "../../shared/sync-api/wire/request";

const api = createSyncApi(routes);

export async function main(event: unknown, context: MethodContext) {
  const request = readEvent(event);
  if (request === undefined) throw new Error("no event");
  const call = { context: () => context, environment: "preview" as const, deadline: deadlineIn(60_000) };
  return integrationResponse(await api.answer(request, call), request.requestId);
}
