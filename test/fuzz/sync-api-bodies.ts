/** Bodies that nobody should send: drawn as recipes, so that large ones cost nothing before they are sent. */
import fc from "fast-check";
import { text } from "./sync-api-text";

export type BodyRecipe =
  | { kind: "text"; text: string }
  | { kind: "json"; json: string }
  | { kind: "bytes"; base64: string }
  | { kind: "deep"; open: string; close: string; levels: number }
  | { kind: "sized"; bytes: number; of: string }
  | { kind: "wide"; members: number; isList: boolean }
  | { kind: "parts"; count: number; nested: number; isFile: boolean }
  | { kind: "pairs"; count: number };

export function bodyOf(recipe: BodyRecipe): Buffer {
  switch (recipe.kind) {
    case "text":
      return Buffer.from(recipe.text);
    case "json":
      return Buffer.from(recipe.json);
    case "bytes":
      return Buffer.from(recipe.base64, "base64");
    case "deep":
      return Buffer.from(`${recipe.open.repeat(recipe.levels)}1${recipe.close.repeat(recipe.levels)}`);
    case "sized":
      return Buffer.alloc(recipe.bytes, recipe.of);
    case "wide": {
      const members = Array.from({ length: recipe.members }, (_, at) => (recipe.isList ? "1" : `"k${at}":1`));
      return Buffer.from(recipe.isList ? `[${members.join(",")}]` : `{${members.join(",")}}`);
    }
    case "parts":
      return Buffer.from(partsOf(recipe));
    case "pairs":
      return Buffer.from("a=1&".repeat(recipe.count));
  }
}

export const BOUNDARY = "x";

/** As `multipart/form-data; boundary=x`. */
function partsOf({ count, nested, isFile }: { count: number; nested: number; isFile: boolean }): string {
  const name = isFile ? 'name="f"; filename="../../a\\..;.txt"' : 'name="a"';
  const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; ${name}\r\n\r\n1\r\n`;
  const inner = `Content-Type: multipart/mixed; boundary=${BOUNDARY}y\r\n\r\n--${BOUNDARY}y\r\n`;
  return `${part.repeat(count)}--${BOUNDARY}\r\n${inner.repeat(nested)}--${BOUNDARY}--\r\n`;
}

const JSONS = [
  "",
  " ",
  "null",
  "NaN",
  "-0",
  "1e999",
  "[Infinity]",
  "{",
  '{"a":1',
  "{'a':1}",
  '{"a":1,}',
  "{a:1}",
  "{}{}",
  "{}\0",
  '"\\ud800"',
  '{"a":"\\udfff","b":"\\u0000"}',
  '{"a":1,"a":2}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"a":{"__proto__":null}}',
  '{"data":{"data":{"data":{}}}}',
  '{"ExtraUserInfo":{"UserId":"1"},"UserId":"1"}',
  '{"submissionId":"00000000-0000-4000-8000-000000000000","name":1}',
  '{"$where":"1","$set":{"state":"started"},"_id":{"$gt":""}}',
  '{"toJSON":"x","then":1,"length":1e9}',
  `[${"1234567890123456789,".repeat(50)}1]`,
  `${"9".repeat(400)}`,
  "\ufeff{}",
  "/* */{}",
  "<x/>",
];
const BYTES = [
  Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
  Buffer.from([0xc0, 0xae]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]),
  Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3]),
  Buffer.from([0x80]),
  Buffer.from([0]),
  Buffer.from('"\xff"', "latin1"),
];

const sizes = fc.constantFrom(
  ...[1_000_000, 6_000_000].flatMap((limit) => [limit - 2, limit - 1, limit, limit + 1, limit + 2]),
);
export const small: fc.Arbitrary<BodyRecipe> = fc.oneof(
  fc.constantFrom(...JSONS).map((json) => ({ kind: "json" as const, json })),
  fc.json({ maxDepth: 4 }).map((json) => ({ kind: "json" as const, json })),
  text.map((one) => ({ kind: "text" as const, text: one })),
  fc.constantFrom(...BYTES).map((bytes) => ({ kind: "bytes" as const, base64: bytes.toString("base64") })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => {
    return { kind: "bytes" as const, base64: Buffer.from(bytes).toString("base64") };
  }),
  fc.record({
    kind: fc.constant("parts" as const),
    count: fc.integer({ min: 0, max: 3 }),
    nested: fc.integer({ min: 0, max: 3 }),
    isFile: fc.boolean(),
  }),
);
const levels = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1_000, 10_000, 100_000));
/** With quotes open or closed, control characters that JSON writes in six, and halves of characters. */
export const large: fc.Arbitrary<BodyRecipe> = fc.oneof(
  fc.record({
    kind: fc.constant("sized" as const),
    bytes: sizes,
    of: fc.constantFrom('"', "a", "1", "[", "\x01", "é", "--x\r\n"),
  }),
  fc
    .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"], ["[", ""]), levels)
    .map(([[open = "", close = ""], depth]) => ({ kind: "deep" as const, open, close, levels: depth })),
  fc.record({
    kind: fc.constant("wide" as const),
    members: fc.constantFrom(1_000, 49_999, 100_000),
    isList: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("parts" as const),
    count: fc.constantFrom(999, 1_001, 18_000, 100_000),
    nested: fc.constantFrom(0, 1_000),
    isFile: fc.constant(false),
  }),
  fc.record({ kind: fc.constant("pairs" as const), count: fc.constantFrom(1_000, 249_999, 1_500_000) }),
);
