/** Form fields -> the StartParams entries of a WeDa process, in every published shape. */
import * as z from "zod";
import { StartflowError } from "./errors";

/** Real codes are digits; the published sample prints one masked with x. */
export const paramCodeSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

/**
 * What a method says of one start variable, in the `fields` table.
 * Variable types: https://cloud.tencent.com/document/product/1301/77290
 */
export const startVariableSchema = z.strictObject({
  paramCode: paramCodeSchema,
  fieldType: z.enum(["string", "number", "boolean", "object", "objectList"]),
  /** The variable's name on the start node; sent only where it is given. */
  name: z.string().min(1).optional(),
  /** The data model of an object variable; a scalar has none and sends "". */
  entityCode: z.string().optional(),
});
export type StartVariable = z.infer<typeof startVariableSchema>;

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

/** Fields that were not filled in are left out; an engine never gets null. */
export function toStartParams(fields: readonly { name: string; value: unknown; entry: StartVariable }[]): StartParam[] {
  const params: StartParam[] = [];
  for (const { name, value, entry } of fields) {
    if (value === undefined || value === null) continue;
    params.push(startParam(name, value, entry));
  }
  return params;
}

function startParam(name: string, value: unknown, entry: StartVariable): StartParam {
  const named = entry.name === undefined ? {} : { name: entry.name };
  const { paramCode, fieldType, entityCode = "" } = entry;
  if (fieldType === "object" || fieldType === "objectList") {
    return checked(name, { ...named, paramCode, fieldType, entityCode, fieldValueMap: value });
  }
  return checked(name, { ...named, paramCode, fieldType, entityCode, value: scalar(value, fieldType) });
}

/** A number may go out as text (ids do); everything else must be of the variable's type already. */
function scalar(value: unknown, fieldType: "string" | "number" | "boolean"): unknown {
  if (fieldType === "string" && typeof value === "number") return String(value);
  return typeof value === fieldType ? value : undefined;
}

function checked(name: string, param: unknown): StartParam {
  const parsed = startParamSchema.safeParse(param);
  if (parsed.success) return parsed.data;
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `字段 ${name} 的值与它的流程变量类型不符，流程没有发起。请联系管理员修改方法的 fields 配置。`,
      en: `The value of field ${name} does not fit the type of its start variable, so nothing was started. Tell the administrator to correct the method's fields table.`,
    },
    cause: parsed.error,
  });
}
