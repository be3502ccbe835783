/** What of a CoreHR start a user typed: Feishu's words that repeat any of it are not shown. */
import type { CorehrVariable, ReadyFlowData } from "./fields";
import { type CorehrField, fileIdsIn } from "./flow-data";
import { fileNameOf } from "./values";
import type { FlowDataItem, StartCorehrProcess, VariableValue } from "./wire";

/** The values of the fields, and what they are sent as; the variables of mapped fields are the method's own words. */
export function typedIn(fields: readonly CorehrField[], { flow_data: items = [] }: StartCorehrProcess): unknown[] {
  const values = fields.map(({ value, entry }) => (isReady(entry) ? readyTexts(value, entry.variables) : value));
  // Names of files as people read them: the ids have them encoded.
  return [...values, ...fileIdsIn(fields).map(fileNameOf), ...items.flatMap(encodedIn)];
}

function isReady(entry: CorehrVariable): entry is ReadyFlowData {
  return entry.kind === "flowData";
}

/** A number without its first zeros, a day and a moment by their count. */
function encodedIn({ variable_value, sub_values = [] }: FlowDataItem): unknown[] {
  return [variable_value, ...sub_values.map(({ value }) => value)].map(
    (value) => value && [value.number_value, value.date_value, value.date_time_value],
  );
}

/** All of the items, which were checked, but for variables that the method declares, each in its place. */
function readyTexts(value: unknown, variables: readonly string[] = []): unknown[] {
  const declared = new Set(variables);
  const nameless = <Named extends { variable_api_name?: string }>({ variable_api_name: name, ...rest }: Named) =>
    name === undefined || declared.has(name) ? rest : { name, ...rest };
  const recordsOf = (one: VariableValue | undefined) =>
    one && { ...one, record_values: one.record_values?.map(nameless) };
  return ((value ?? []) as FlowDataItem[]).map((item) => ({
    ...nameless(item),
    variable_value: recordsOf(item.variable_value),
    sub_values: item.sub_values?.map(({ key, value: one }) => ({ key, value: recordsOf(one) })),
  }));
}
