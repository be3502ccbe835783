/** start-corehr-process as it was built, with files: when they are uploaded, how often, and which are refused. */
import { describe, expect, it } from "vitest";
import { COREHR, DEFINITION, openMethods, resultOf, transfer } from "./feishu-helpers";

const { feishu } = await openMethods();

/** Stars where its digits look like a telephone number by chance: the log of requests hides those. */
const FILE_ID = /^[0-9a-f*]+_[0-9a-f*]+$/;

interface Item {
  variable_api_name: string;
  sub_values: { value: object }[];
}

/** What the last start was sent with. */
async function attachmentsItem(): Promise<Item> {
  const sent = (await feishu.starts()).at(-1)?.body as { flow_data: Item[] } | undefined;
  const found = sent?.flow_data.find((item) => item.variable_api_name === "attachments");
  if (found === undefined) throw new Error("the start had no attachments");
  return found;
}

describe("files", () => {
  it("are uploaded before the claim, once for each submission however often it is sent", async () => {
    const attachments = [await feishu.upload("合同 a.pdf", 2_000), await feishu.upload("b.txt", 10)];
    const params = transfer({ attachments });
    await feishu.fault("corehr", "flow-disabled", 1);
    // The fault hits the first call of the engine: the upload itself.
    await feishu.start(COREHR, params);
    await feishu.switches({ disabledFlows: [DEFINITION] });
    expect(await feishu.start(COREHR, params)).toMatchObject({ ok: false, error: { code: "ENGINE_REFUSED" } });
    await feishu.switches({ disabledFlows: [] });
    expect(resultOf(await feishu.start(COREHR, params)).outcome).toBe("started");
    const uploads = (await feishu.requests(/persons\/upload/)).filter(({ status }) => status === 200);
    expect(uploads).toHaveLength(2);
    const { sub_values: values } = await attachmentsItem();
    expect(values.map(({ value }) => value)).toMatchObject([
      { file_value: { open_file_id: expect.stringMatching(FILE_ID), length: 2_000 } },
      { file_value: { file_name: expect.stringMatching(/b\.txt$/), length: 10 } },
    ]);
  });

  it.each([
    ["https://example.com/a.pdf", "invalid_file"],
    ["cloud://startflow-local.626c-startflow-local/nothing.pdf", "invalid_file"],
    ["cloud://startflow-local.626c-startflow-local/a/..%2f..%2fetc%2fpasswd", "invalid_file_name"],
  ])("like %s are refused, and nothing is sent", async (file, code) => {
    const { error } = await feishu.start(COREHR, transfer({ attachments: [file] }));
    expect(error?.issues?.[0]).toMatchObject({
      code,
      path: expect.stringMatching(/^attachments/),
      label: { zh: expect.stringContaining("附件") },
    });
    expect(await feishu.requests(/persons\/upload|process_start/)).toEqual([]);
  });
});
