/** Any tree of fields: what CoreHR gets holds together, and is the same every time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type CorehrMember, type CorehrType, corehrVariableProblem } from "../../../../shared/engines/corehr/fields";
import type { CorehrField } from "../../../../shared/engines/corehr/flow-data";
import { type FlowDataItem, flowDataItemSchema, type VariableValue } from "../../../../shared/engines/corehr/wire";
import { counted } from "../../../helpers/counts";
import { flowDataOf } from "./map";

interface Typed {
  type: CorehrType;
  value: unknown;
}

const fileId = "cloud://env.b/a.pdf";
const files = new Map([[fileId, { open_file_id: "1" }]]);
/** Names that could be taken for a part of another key. */
const NAMES = ["a", "b", "1", "2", "k1", "r1", "a-1", "r1_a", "__proto__x", "key"];
const typed = (type: CorehrType, values: fc.Arbitrary<unknown>) => values.map((value): Typed => ({ type, value }));

const scalars: fc.Arbitrary<Typed> = fc.oneof(
  typed({ kind: "text" }, fc.string()),
  typed(
    { kind: "number" },
    fc.oneof(fc.maxSafeInteger(), fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  ),
  typed({ kind: "bool" }, fc.boolean()),
  typed({ kind: "date" }, fc.constantFrom("2024-02-29", "1969-12-31")),
  typed({ kind: "dateTime" }, fc.integer({ min: 1e10, max: 4e12 })),
  typed({ kind: "enum" }, fc.constantFrom("home_address", "a")),
  typed({ kind: "i18n" }, fc.record({ zh_cn: fc.constant("北京"), en_us: fc.constantFrom("Beijing", undefined) })),
  typed({ kind: "object", object: "city" }, fc.constant({ wk_id: "1" })),
  typed({ kind: "employee" }, fc.constant("ou_1")),
  typed({ kind: "file" }, fc.constant(fileId)),
);

const orEmpty = (value: unknown) => fc.constantFrom(value, value, value, null, undefined, "");

/** A type, and a value of it with gaps. */
function trees(depth: number): fc.Arbitrary<Typed> {
  if (depth === 0) return scalars;
  const below = trees(depth - 1);
  const list = below.chain(({ type, value }) =>
    fc
      .array(orEmpty(value), { maxLength: 3 })
      .map((values): Typed => ({ type: { kind: "list", of: type }, value: values })),
  );
  const members = fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), below), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  });
  const record = members.chain((entries) => {
    const fields: Record<string, CorehrMember> = {};
    for (const [name, { type }] of entries) fields[`member ${name}`] = { ...type, variable: name };
    const row = fc.record(Object.fromEntries(entries.map(([name, { value }]) => [`member ${name}`, orEmpty(value)])));
    return fc.oneof(
      typed({ kind: "record", fields }, row),
      typed(
        { kind: "table", fields },
        fc.array(
          orEmpty({}).chain((empty) => (empty === null ? fc.constant(null) : row)),
          { maxLength: 3 },
        ),
      ),
    );
  });
  return fc.oneof(scalars, list, record);
}

const forms = fc
  .array(trees(3), { maxLength: 5 })
  .map((all) =>
    all.map(
      ({ type, value }, at): CorehrField => ({ name: `f${at}`, value, entry: { ...type, variable: `batch.v${at}` } }),
    ),
  );

function refsOf({ list_values = [], record_values = [] }: VariableValue): (string | undefined)[] {
  return [...list_values, ...record_values.map(({ sub_value_key }) => sub_value_key)];
}

/** Every key that is reached from the item, once for each way. */
function reached(item: FlowDataItem): string[] {
  const byKey = new Map((item.sub_values ?? []).map(({ key, value }) => [key, value]));
  const open = refsOf(item.variable_value ?? {});
  const keys: string[] = [];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    keys.push(key);
    // A cycle would go on for ever.
    expect(keys.length).toBeLessThanOrEqual(byKey.size);
    open.push(...refsOf(byKey.get(key) ?? {}));
  }
  return keys;
}

describe("for any tree of fields", () => {
  const runs = { numRuns: counted(20_000) };
  const map = (fields: CorehrField[]) => flowDataOf(fields, undefined, files);

  it("the entries are right ones", () => {
    fc.assert(
      fc.property(forms, (fields) => {
        for (const { entry } of fields) expect(corehrVariableProblem(entry)).toBeUndefined();
      }),
      { numRuns: counted(2_000) },
    );
  });

  it("keys are unique, each is referred to exactly once, and there are no cycles", () => {
    fc.assert(
      fc.property(forms, (fields) => {
        for (const item of map(fields)) {
          const keys = (item.sub_values ?? []).map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(reached(item).sort()).toEqual([...keys].sort());
        }
      }),
      runs,
    );
  });

  it("every value is of exactly one kind, and none is empty", () => {
    fc.assert(
      fc.property(forms, (fields) => {
        for (const { variable_value, sub_values = [] } of map(fields)) {
          for (const value of [variable_value, ...sub_values.map((sub) => sub.value)]) {
            expect(Object.keys(value ?? {})).toHaveLength(1);
            const [only] = Object.values(value ?? {});
            if (Array.isArray(only)) expect(only.length).toBeGreaterThan(0);
          }
        }
      }),
      runs,
    );
  });

  it("the result is of the wire's schema, the same every time, and passes as ready flow_data", () => {
    fc.assert(
      fc.property(forms, (fields) => {
        const items = map(fields);
        expect(z.array(flowDataItemSchema).safeParse(items).success).toBe(true);
        expect(JSON.stringify(map(fields))).toBe(JSON.stringify(items));
        expect(flowDataOf([{ name: "flowData", value: items, entry: { kind: "flowData" } }])).toEqual(items);
      }),
      runs,
    );
  });
});
