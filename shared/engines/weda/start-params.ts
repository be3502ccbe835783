/** Form fields -> the StartParams entries of a WeDa process, in every published shape. */
import { StartflowError } from "../../base/errors";
import { isPlainObject } from "../../base/objects";
import type { StartParam } from "./wire";

const FIELD_TYPES = ["string", "number", "boolean", "object", "objectList"] as const;

/**
 * What a method says of one start variable, in the `fields` table.
 * Variable types: https://cloud.tencent.com/document/product/1301/77290
 */
export interface StartVariable {
  /** The variable's id on the start node, as text: 18 digits. */
  paramCode: string;
  fieldType: (typeof FIELD_TYPES)[number];
  /** The variable's name on the start node; sent only where it is given. */
  name?: string;
  /** The data model of an object variable; a scalar has none and sends "". */
  entityCode?: string;
}

const MEMBERS = new Set(["paramCode", "fieldType", "name", "entityCode"]);

/** What is wrong with an entry of the `fields` table, in words; by hand, because every cold start runs it. */
export function startVariableProblem(entry: StartVariable): string | undefined {
  const unknown = Object.keys(entry).find((key) => !MEMBERS.has(key));
  if (unknown !== undefined) return `has the unknown member "${unknown}"`;
  if (typeof entry.paramCode !== "string" || !/^[0-9A-Za-z_-]{1,64}$/.test(entry.paramCode)) {
    return "has a paramCode that is not 1 to 64 digits (letters, _ and - are taken too), as text";
  }
  if (!FIELD_TYPES.includes(entry.fieldType)) return `has a fieldType that is none of ${FIELD_TYPES.join(", ")}`;
  for (const text of [entry.name, entry.entityCode]) {
    if (text !== undefined && typeof text !== "string") return "has a name or an entityCode that is no text";
  }
  return undefined;
}

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
  if (fieldType === "object" && isPlainObject(value)) {
    return { ...named, paramCode, fieldType, entityCode, fieldValueMap: value };
  }
  if (fieldType === "objectList" && Array.isArray(value) && value.every(isPlainObject)) {
    return { ...named, paramCode, fieldType, entityCode, fieldValueMap: value };
  }
  // A number may go out as text, as ids and moments do; everything else is of the variable's type already.
  const scalar = fieldType === "string" && typeof value === "number" ? String(value) : value;
  if (isScalar(fieldType) && isScalarValue(scalar, fieldType))
    return { ...named, paramCode, fieldType, entityCode, value: scalar };
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `字段 ${name} 的值与它的流程变量类型（${fieldType}）不符，流程没有发起。请联系管理员修改方法的 fields 配置。`,
      en: `The value of field ${name} does not fit its start variable (${fieldType}), so nothing was started. Tell the administrator to correct the method's fields table.`,
    },
  });
}

type ScalarType = "string" | "number" | "boolean";

function isScalar(fieldType: string): fieldType is ScalarType {
  return fieldType !== "object" && fieldType !== "objectList";
}

function isScalarValue(value: unknown, fieldType: ScalarType): value is string | number | boolean {
  return typeof value === fieldType;
}
