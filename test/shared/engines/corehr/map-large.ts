/** For a process with little memory: maps and serialises 100,000 ready items and a table of 10,000 rows, and says what came out. */
import * as z from "zod";
import { type CorehrField, toFlowData } from "../../../../shared/engines/corehr/flow-data";
import { labelsOf } from "../../../../shared/form/labels";

const labels = labelsOf(z.unknown());

/** As they come in: text, parsed. */
function readyItems(): CorehrField {
  const item = (_: unknown, at: number) =>
    `{"variable_api_name":"v${at}","variable_value":{"list_values":["k"]},"sub_values":[{"key":"k","value":{"text_value":"第 ${at} 项"}}]}`;
  const text = `[${Array.from({ length: 100_000 }, item).join()}]`;
  return { name: "flowData", value: JSON.parse(text), entry: { kind: "flowData" } };
}

function table(): CorehrField {
  const row = (_: unknown, at: number) => `{"name":"物品 ${at}","quantity":${at},"startsOn":"2026-12-01"}`;
  return {
    name: "items",
    value: JSON.parse(`[${Array.from({ length: 10_000 }, row).join()}]`),
    entry: {
      variable: "items",
      kind: "table",
      fields: {
        name: { variable: "name", kind: "text" },
        quantity: { variable: "quantity", kind: "number" },
        startsOn: { variable: "starts_on", kind: "date" },
      },
    },
  };
}

const written = [readyItems, table].map((make) => {
  const items = toFlowData([make()], labels, new Map());
  return { items: items.length, subValues: items[0]?.sub_values?.length, bytes: JSON.stringify(items).length };
});
console.log(JSON.stringify(written));
