/** WeDa's own shapes: what a start sends. Read by the local platform and by tests; deployed code uses the types alone. */
import * as z from "zod";

/** Real codes are digits; the published sample prints one masked with x. */
export const paramCodeSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

const scalarParamSchema = z.looseObject({
  name: z.string().optional(),
  paramCode: paramCodeSchema,
  fieldType: z.enum(["string", "number", "boolean"]),
  entityCode: z.string().optional(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
const record = z.record(z.string(), z.unknown());
const objectParamSchema = z.looseObject({
  name: z.string().optional(),
  paramCode: paramCodeSchema,
  fieldType: z.literal("object"),
  entityCode: z.string().optional(),
  fieldValueMap: record,
});
const objectListParamSchema = z.looseObject({
  name: z.string().optional(),
  paramCode: paramCodeSchema,
  fieldType: z.literal("objectList"),
  entityCode: z.string().optional(),
  fieldValueMap: z.array(record).max(10_000),
});

/** One entry of StartParams on the wire. https://cloud.tencent.com/document/product/1301/77286 */
export const startParamSchema = z.discriminatedUnion("fieldType", [
  scalarParamSchema,
  objectParamSchema,
  objectListParamSchema,
]);
export type StartParam = z.infer<typeof startParamSchema>;

/** The `data` of `StartProcessWithParams`, trigger type 6 (custom API). Same page as above. */
export const startProcessSchema = z.looseObject({
  TriggerType: z.literal(6),
  ConnectorParam: z.looseObject({ ConnectorName: z.string().min(1), FunctionName: z.string().min(1) }),
  ProcessKey: z.string().min(1),
  StartParams: z.array(startParamSchema).max(1_000),
  /** Only where no user is signed in. A number only where that number is exact. */
  ExtraUserInfo: z.looseObject({ UserId: z.union([z.string(), z.number()]), Source: z.number().int() }).optional(),
});
export type StartProcess = z.infer<typeof startProcessSchema>;
