/**
 * CoreHR: a filled template of the variables that are named, so that a developer can see which member each takes.
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/query_flow_data_template
 */
import {
  type FlowDataItem,
  flowDataTemplateRequestSchema,
  type VariableValue,
} from "../../../shared/engines/corehr/wire";
import { type ApiCall, gatewayParsed, success } from "../api";
import {
  COREHR_DEPARTMENTS,
  COREHR_FILES,
  COREHR_OBJECTS,
  COREHR_USERS,
  type Variable,
  type VariableKind,
} from "../catalogue";
import { type IdTypes, idTypesOf } from "./people";
import { declaredFlow } from "./start";

type Item = Required<FlowDataItem>;

export async function queryTemplate({ query, body }: ApiCall): Promise<unknown> {
  const types = idTypesOf(query);
  const { flow_definition_id, variable_api_names } = gatewayParsed(flowDataTemplateRequestSchema, body);
  const { variables } = declaredFlow(flow_definition_id);
  const items = new Map<string, Item>();
  const problems: string[] = [];
  for (const path of variable_api_names) {
    const [name = "", ...below] = path.split(".");
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const problem = variable === undefined ? UNKNOWN : fill(items, name, variable, below, types);
    if (problem !== undefined) problems.push(`${/^[\w.]{1,128}$/.test(path) ? path : "a name"}: ${problem}`);
  }
  return success({ field_values: [...items.values()], error_info: problems.join("; ") });
}

const UNKNOWN = "variable not found";
/** The page's own words. */
const DRILL_DOWN = "record type cannot assign value, must assign record's drill down apiName";
const ROW = "row1";

/** Adds the variable, or one member of it. Answers what is wrong, if anything is. */
function fill(
  items: Map<string, Item>,
  name: string,
  variable: Variable,
  below: readonly string[],
  types: IdTypes,
): string | undefined {
  if (!("fields" in variable)) {
    if (below.length > 0) return UNKNOWN;
    items.set(name, simpleItem(name, variable, types));
    return undefined;
  }
  const [member, ...deeper] = below;
  if (member === undefined) return DRILL_DOWN;
  const field = Object.hasOwn(variable.fields, member) ? variable.fields[member] : undefined;
  if (field === undefined || deeper.length > 0) return UNKNOWN;
  const item = items.get(name) ?? emptyRecord(name, variable.kind);
  addMember(item, member, field, types);
  items.set(name, item);
  return undefined;
}

function simpleItem(name: string, variable: Exclude<Variable, { kind: "record" | "table" }>, types: IdTypes): Item {
  if (variable.kind !== "list") {
    return { variable_api_name: name, variable_value: sample(variable, types), sub_values: [] };
  }
  return {
    variable_api_name: name,
    variable_value: { list_values: ["key1"] },
    sub_values: [{ key: "key1", value: sample(variable.element, types) }],
  };
}

function emptyRecord(name: string, kind: "record" | "table"): Item {
  if (kind === "record") return { variable_api_name: name, variable_value: { record_values: [] }, sub_values: [] };
  return {
    variable_api_name: name,
    variable_value: { list_values: [ROW] },
    sub_values: [{ key: ROW, value: { record_values: [] } }],
  };
}

function addMember(item: Item, member: string, field: Variable, types: IdTypes): void {
  const record = item.variable_value.record_values ?? item.sub_values[0]?.value?.record_values ?? [];
  const key = `${item.sub_values[0]?.key === ROW ? ROW : item.variable_api_name}.${member}`;
  if (record.some(({ variable_api_name }) => variable_api_name === member)) return;
  record.push({ variable_api_name: member, sub_value_key: key });
  item.sub_values.push({ key, value: sample(field, types) });
}

/** A value that a start would take. */
function sample(kind: VariableKind, types: IdTypes): VariableValue {
  switch (kind.kind) {
    case "enum":
      return { enum_value: Object.keys(kind.options)[0] ?? "" };
    case "object":
      return { object_value: COREHR_OBJECTS.find(({ wk_api_name }) => wk_api_name === kind.objectApiName) ?? {} };
    case "department":
      return { department_value: COREHR_DEPARTMENTS[0][types.department] };
    case "employee":
      return { employment_value: COREHR_USERS[0]?.[types.user] ?? "" };
    case "file":
      return { file_value: { open_file_id: COREHR_FILES[0] } };
    case "list":
    case "record":
    case "table":
      return {};
    default:
      return structuredClone(SAMPLES[kind.kind]);
  }
}

const SAMPLES = {
  any: { text_value: "" },
  text: { text_value: "" },
  bool: { bool_value: false },
  number: { number_value: "0" },
  date: { date_value: "0" },
  dateTime: { date_time_value: "0" },
  i18n: { i18n_value: { zh_cn: "", en_us: "" } },
} as const satisfies Partial<Record<VariableKind["kind"], VariableValue>>;
