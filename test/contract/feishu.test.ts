/** The official SDK and our client on the stand-in for Feishu: the same requests on the wire, headers aside, and the same answers. */
import { describe, expect, it } from "vitest";
import { listProcesses } from "../../shared/engines/corehr/api";
import { openContract, saidToSdk, saidToUs, withoutIds } from "./feishu-clients";
import {
  DEFINITION,
  EXECUTE,
  execute,
  FLOW,
  get,
  lately,
  list,
  type Operation,
  START,
  start,
  startedId,
  TIMEOUT_MS,
  template,
  upload,
  withdraw,
} from "./feishu-operations";

const { app, sdk, received, platform } = await openContract();

const { operator } = EXECUTE;
const APPROVE = { ...FLOW, flowId: "approveRequest_1a2b3c4d5e" };
const BROKEN = { ...FLOW, flowId: "brokenFlow_0f0f0f0f0f" };
const VARIABLES = ["reason", "city.city_v2", "nothing"];

/** The operation, and what its answer has at least. */
const OPERATIONS: [string, object, () => Operation | Promise<Operation>][] = [
  ["execute, with the published body", { status: "end" }, () => execute(EXECUTE)],
  ["execute, and wait for its end", { status: "end", code: "" }, () => execute({ ...EXECUTE, is_async: false })],
  ["execute, with every member", { status: "end" }, () => execute({ ...EXECUTE, loop_masks: ["a", "中"] })],
  ["execute, of a flow that waits for a person", { status: "wait", code: "" }, () => execute({ operator }, APPROVE)],
  [
    "execute, of a flow that nobody waits for",
    { status: "in_process" },
    () => execute({ operator, is_async: true }, APPROVE),
  ],
  [
    "execute, of a flow that fails on its way",
    { status: "failed", code: expect.stringMatching(/./), error_msg: expect.stringMatching(/./) },
    () => execute({ operator }, BROKEN),
  ],
  ["process start, with the published body", { process_id: "ID" }, () => start(START)],
  [
    "process start, with nothing but its definition",
    { process_id: "ID" },
    () => start({ flow_definition_id: DEFINITION, system_initiator: true }),
  ],
  ["process get", { status: 1, flow_definition_id: DEFINITION }, async () => get(await startedId(app))],
  [
    "process list",
    { process_ids: expect.arrayContaining(["ID"]), has_more: false },
    async () => {
      await startedId(app);
      return list({ ...lately(), statuses: [1, 2] });
    },
  ],
  [
    "process list, its second page",
    { process_ids: ["ID"], has_more: true },
    async () => {
      for (let at = 0; at < 3; at += 1) await startedId(app);
      const span = lately();
      const first = await listProcesses(app, { flowDefinitionId: DEFINITION, ...span, pageSize: 1 }, TIMEOUT_MS);
      return list({ ...span, pageSize: 1, pageToken: first.page_token });
    },
  ],
  [
    "process withdraw",
    {},
    async () => withdraw([await startedId(app), await startedId(app)], { system_user: true, reason: "写错了" }),
  ],
  ["flow data template", { error_info: expect.stringContaining("nothing") }, () => template(DEFINITION, VARIABLES)],
  ["file upload", { id: "ID" }, () => upload(Buffer.from("一份附件\n\u0000\r\n--x"), "附件.txt")],
];

describe.each(OPERATIONS)("%s", (_, answer, prepare) => {
  it("is the same request on the wire and the same answer, by the SDK and by us", async () => {
    const operation = await prepare();
    const bySdk = await received(() => saidToSdk(operation.sdk(sdk())));
    const byUs = await received(() => saidToUs(operation.ours(app)));
    expect(bySdk.said.code).toBe(0);
    expect(withoutIds(byUs.rows)).toEqual(withoutIds(bySdk.rows));
    expect(withoutIds(byUs.said.data)).toMatchObject(withoutIds(bySdk.said.data) as object);
    expect(withoutIds(byUs.said.data)).toMatchObject(answer);
    expect(byUs.rows).toHaveLength(1);
  });
});

it("the second page has another process than the first, to the SDK and to us", async () => {
  for (let at = 0; at < 2; at += 1) await startedId(app);
  const newest = (await platform.instances()).filter(({ engine }) => engine === "corehr").map(({ id }) => id);
  const span = { ...lately(), pageSize: 1 };
  const first = (await saidToSdk(list(span).sdk(sdk()))).data as { process_ids: string[]; page_token: string };
  const second = list({ ...span, pageToken: first.page_token });
  const ids = [await saidToSdk(second.sdk(sdk())), await saidToUs(second.ours(app))].map(
    ({ data }) => (data as { process_ids: string[] }).process_ids,
  );
  expect([first.process_ids, ...ids]).toEqual([[newest[0]], [newest[1]], [newest[1]]]);
});
