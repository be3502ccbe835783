/** The page's form without a browser: schema -> fields, values -> params, an issue's path -> its control. */
import { describe, expect, it } from "vitest";
import { type Field, type FieldKind, formFields, type Schema } from "../../../local/console/page/form-model";
import {
  controlPath,
  paramsToSend,
  parsePath,
  pathText,
  shownText,
  typedValue,
  unknownKeys,
  valueAt,
  withChoice,
  withValueAt,
} from "../../../local/console/page/form-values";

/** As zod writes it for the contract form, with one field of every other kind. */
const schema: Schema = {
  type: "object",
  properties: {
    contract: {
      type: "object",
      title: "合同",
      "x-title-en": "Contract",
      properties: {
        _id: { type: "string", title: "合同记录", "x-title-en": "Contract record", "x-control": "relation" },
        amount: { type: "number", minimum: 0, maximum: 1_000_000_000, "x-control": "number" },
        signedOn: { type: "string", format: "date", "x-control": "date" },
        attachments: { type: "array", items: { type: "string" }, maxItems: 9, "x-control": "files" },
      },
      required: ["_id", "amount"],
    },
    items: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: { type: "string", minLength: 1, maxLength: 100 },
          quantity: { type: "integer", exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        },
        required: ["name"],
      },
    },
    urgent: { type: "boolean", title: "加急", "x-title-en": "Urgent" },
    reason: { type: "string", maxLength: 500, description: "为什么" },
    at: { type: "string", format: "date-time", "x-control": "date-time" },
    time: { "x-control": "time" },
    scan: { type: "string", "x-control": "file" },
    kind: { type: "string", enum: ["年假", "病假"] },
    tags: { type: "array", items: { type: "string", enum: ["a", "b", "c"] } },
    copies: { type: "array", items: { type: "string" } },
    customers: { type: "array", items: {}, "x-control": "relations" },
    nickname: { anyOf: [{ type: "string" }, { type: "null" }], title: "别名" },
    level: { oneOf: [{ const: 1 }, { const: 2 }] },
    anything: {},
    ready: { type: "string", title: "现成的变量", "x-control": "json" },
    page: { type: "integer", default: 1 },
  },
  required: ["contract", "items", "page"],
};

function fieldsOf(from: Schema): Field[] {
  const fields = formFields(from);
  if (fields === null) throw new Error("no form");
  return fields;
}

function field(key: string, fields = fieldsOf(schema)): Field {
  const found = fields.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
}

describe("schema -> fields", () => {
  const kinds: Record<string, FieldKind> = {
    contract: "group",
    items: "rows",
    urgent: "boolean",
    reason: "textarea",
    at: "datetime",
    time: "time",
    scan: "file",
    kind: "select",
    tags: "checkboxes",
    copies: "lines",
    customers: "lines",
    nickname: "text",
    level: "select",
    anything: "json",
    ready: "json",
    page: "integer",
  };
  it.each(Object.entries(kinds))("%s is shown as %s", (key, kind) => {
    expect(field(key).kind).toBe(kind);
  });

  it("has the members of a group and of a row", () => {
    const inGroup = field("contract").fields.map(({ key, kind, required }) => [key, kind, required]);
    expect(inGroup).toEqual([
      ["_id", "relation", true],
      ["amount", "number", true],
      ["signedOn", "date", false],
      ["attachments", "files", false],
    ]);
    expect(field("items").fields.map(({ kind }) => kind)).toEqual(["text", "integer"]);
  });

  it("labels in both languages, and by the key where there is no title", () => {
    expect(field("urgent").label).toEqual({ zh: "加急", en: "Urgent" });
    expect(field("nickname").label).toEqual({ zh: "别名", en: "别名" });
    expect(field("reason")).toMatchObject({ label: { zh: "reason", en: "reason" }, help: "为什么" });
  });

  it("tells the bounds that mean something to a person", () => {
    expect(field("amount", field("contract").fields).limits).toEqual({ atLeast: 0, atMost: 1_000_000_000 });
    expect(field("quantity", field("items").fields).limits).toEqual({ above: 0 });
  });

  it("does not ask for a field that has a default", () => {
    expect(field("page").required).toBe(false);
    expect(field("items").required).toBe(true);
  });

  it("has no form where the params are not declared as an object", () => {
    expect(formFields(null)).toBeNull();
    expect(formFields({})).toBeNull();
    expect(formFields({ type: "array", items: { type: "string" } })).toBeNull();
  });

  it("follows references, and ends where a schema holds itself", () => {
    const node = { type: "object", properties: { name: { type: "string" }, next: { $ref: "#/$defs/node" } } };
    const top = fieldsOf({ type: "object", properties: { first: { $ref: "#/$defs/node" } }, $defs: { node } });
    let depth = 0;
    for (let at = top[0]; at?.kind === "group"; at = at.fields[1]) depth += 1;
    expect(depth).toBe(6);
  });
});

describe("values -> params", () => {
  it("sends numbers as numbers and null for what was cleared", () => {
    expect(typedValue(field("page"), "3")).toBe(3);
    expect(typedValue(field("amount", field("contract").fields), "2.50")).toBe(2.5);
    expect(typedValue(field("page"), "")).toBeNull();
    expect(typedValue(field("reason"), "")).toBeNull();
    expect(typedValue(field("level"), "2")).toBe(2);
    expect(typedValue(field("kind"), "病假")).toBe("病假");
    expect(typedValue(field("copies"), "a\n b ")).toEqual(["a", "b"]);
    expect(typedValue(field("copies"), "")).toBeNull();
  });

  it("shows what the sample holds", () => {
    expect(shownText("date", "2026-12-01T09:30:00+08:00")).toBe("2026-12-01");
    expect(shownText("datetime", "2026-12-01 09:30:00")).toBe("2026-12-01T09:30");
    expect(shownText("time", 34_200_000)).toBe("09:30");
    expect(shownText("time", "09:30:00")).toBe("09:30");
    expect(shownText("date", new Date(2026, 11, 1).getTime())).toBe("2026-12-01");
    expect(shownText("relation", { _id: "c-1" })).toBe("c-1");
    expect(shownText("lines", [{ _id: "c-1" }, "c-2"])).toBe("c-1\nc-2");
    expect(shownText("number", 0)).toBe("0");
    expect(shownText("text", null)).toBe("");
  });

  it("changes one value and copies the rest", () => {
    const before = { items: [{ name: "a" }, { name: "b" }], other: 1 };
    const after = withValueAt(before, ["items", 1, "name"], "c");
    expect(after).toEqual({ items: [{ name: "a" }, { name: "c" }], other: 1 });
    expect(before.items[1]?.name).toBe("b");
    expect(withValueAt(null, ["contract", "title"], "x")).toEqual({ contract: { title: "x" } });
    expect(valueAt(after, ["items", 1, "name"])).toBe("c");
    expect(valueAt(after, ["items", 7, "name"])).toBeUndefined();
  });

  it("keeps the order of the schema in a checkbox group", () => {
    expect(withChoice(field("tags"), ["c"], "a", true)).toEqual(["a", "c"]);
    expect(withChoice(field("tags"), ["a", "c"], "a", false)).toEqual(["c"]);
    expect(withChoice(field("tags"), null, "b", true)).toEqual(["b"]);
  });

  it("puts the submission id inside params that can hold it", () => {
    expect(paramsToSend({ reason: "x" }, "id-12345")).toEqual({ submissionId: "id-12345", reason: "x" });
    expect(paramsToSend({ reason: "x" }, null)).toEqual({ reason: "x" });
    expect(paramsToSend([1], "id-12345")).toEqual([1]);
    expect(paramsToSend("text", "id-12345")).toBe("text");
  });

  it("names what the form does not show", () => {
    expect(unknownKeys(fieldsOf(schema), { reason: "x", extra: 1 })).toEqual(["extra"]);
    expect(unknownKeys(fieldsOf(schema), null)).toEqual([]);
  });
});

describe("an issue's path -> its control", () => {
  const fields = fieldsOf(schema);
  it.each([
    ["reason", "reason"],
    ["contract.amount", "contract.amount"],
    ["contract.attachments[2]", "contract.attachments"],
    ["items", "items"],
    ["items[2].name", "items[2].name"],
    ["items[2].unknown", "items"],
    ["anything.deep[0].er", "anything"],
    ["contract.unknown", "contract"],
  ])("%s -> %s", (issue, control) => {
    expect(controlPath(fields, issue)).toBe(control);
  });

  it("has no control for the whole form, nor for a field that is not in it", () => {
    expect(controlPath(fields, "")).toBeUndefined();
    expect(controlPath(fields, "nobody")).toBeUndefined();
  });

  it.each(["a", "a.b", "a[0]", "a[12].b.c[3]", "明细[1].单价"])("reads %s back as it was written", (text) => {
    expect(pathText(parsePath(text))).toBe(text);
  });
});
