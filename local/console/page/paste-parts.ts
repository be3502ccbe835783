/** What is entered in WeDa's console for one method: identifiers, intent, 入参 and 出参, and the form's side. Pure. */
import { SUBMISSION_ID } from "../../../shared/engines/submission-id";
import type { MethodRow } from "../wire";
import { isRecord } from "./form-model";
import { type FormSideStep, formSideOf } from "./form-side";
import { answerSchema } from "./paste-answer";
import { objectOf, type WedaSchema, wedaSchema } from "./paste-schema";

export interface PasteParts {
  /** Empty where the method does not say them. */
  api: string;
  method: string;
  /** Of the type custom code; else it is deployed, and added as a method of the type cloud function. */
  isCustomCode: boolean;
  /** A form container offers only methods with the intent `create` for a new record. */
  intent: "create" | "get-item";
  inParams: WedaSchema;
  /** null where no declaration says what it answers. */
  outParams: WedaSchema | null;
  /** None where nothing is started. */
  formSide: FormSideStep[];
}

type Described = Pick<MethodRow, "target" | "inputSchema" | "pasted">;

/** null for dropped-in code, of which nothing is known. */
export function pasteParts({ target, inputSchema, pasted }: Described): PasteParts | null {
  if (inputSchema === null || pasted === undefined) return null;
  const { ConnectorName: api = "", FunctionName: method = "" } = target?.connector ?? {};
  const starts = target !== null;
  return {
    api,
    method,
    isCustomCode: pasted,
    intent: starts ? "create" : "get-item",
    inParams: starts ? withSubmissionId(wedaSchema(inputSchema)) : wedaSchema(inputSchema),
    outParams: starts ? answerSchema(pasted) : null,
    formSide: starts ? formSideOf(target.connector) : [],
  };
}

/** The reserved param: the form's fields, then it. */
function withSubmissionId({ properties = {}, required = [] }: WedaSchema): WedaSchema {
  const submissionId: WedaSchema = { type: "string", title: "提交编号", pattern: SUBMISSION_ID.source };
  return objectOf({ ...properties, submissionId }, required);
}

export interface ParamRow {
  name: string;
  title: string;
  type: string;
  required: boolean;
}

/** The same as rows, with dots down: for a console that takes them one by one. */
export function paramRows({ properties = {} }: WedaSchema, path = ""): ParamRow[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const { title = "", type, format, items } = schema;
    const name = `${path}${key}`;
    const shown = [type, format ?? items?.format].filter((part) => part !== undefined).join(" ");
    const row = { name, title, type: shown, required: schema["x-required"] === true };
    const below = isRecord(items) && items.properties !== undefined ? paramRows(items, `${name}[].`) : [];
    return [row, ...paramRows(schema, `${name}.`), ...below];
  });
}
