/** Checks of the environment variables: set where they are needed, passed on unchanged, small enough, of the right place. */
import { LOCAL_VALUES } from "../local/functions/environment";
import { NEEDED } from "../shared/sync-api/routes/route";
import type { AuthKind } from "../shared/sync-api/routes/route-kinds";
import { API_FUNCTION, CONFIG_FILE, type Project, type Row } from "./check-project";
import { type Finding, finding } from "./check-texts";
import { DEPLOY_LIMITS } from "./deploy-limits";
import { filledIn, templateNames, type Values } from "./env-files";
import { isRequired, type Reader, VARIABLES } from "./variables";

export function checkVariables(project: Project): Finding[] {
  const { values, config, rows } = project;
  const missing = values.missing.map((file) => finding("ENV_FILE_MISSING", { file, key: "" }));
  const id =
    filledIn(config.envId, values).trim() === ""
      ? [finding("ENV_ID_MISSING", { file: CONFIG_FILE, key: "envId" })]
      : [];
  const read = new Set(
    [config.envId, ...rows.flatMap((row) => Object.values(row.envVariables))].flatMap(templateNames),
  );
  return [
    ...missing,
    ...id,
    ...unset(project),
    ...changed(project),
    ...[...read].flatMap((name) => checkLocal(name, project)),
    ...rows.flatMap((row) => [...checkLiterals(row), ...checkSize(row, values)]),
  ];
}

/** One finding a variable: the functions that cannot work without it, or else those that only do less. */
function unset(project: Project): Finding[] {
  const { values, rows } = project;
  const isSet = (name: string) => (values.get(name) ?? "") !== "";
  const readers = new Map<string, { needing: string[]; others: string[] }>();
  for (const row of rows) {
    const reader = readerOf(row, project);
    for (const [name, text] of Object.entries(row.envVariables)) {
      for (const variable of templateNames(text).filter((one) => !isSet(one))) {
        const { or } = VARIABLES.get(name) ?? {};
        const isMissing = isRequired(name, reader) && (or === undefined || !isSet(or));
        const { needing, others } = readers.get(variable) ?? { needing: [], others: [] };
        (isMissing ? needing : others).push(row.name);
        readers.set(variable, { needing, others });
      }
    }
  }
  return [...readers].map(([key, { needing, others }]) => {
    const [code, names] =
      needing.length > 0 ? (["VARIABLE_MISSING", needing] as const) : (["VARIABLE_UNSET", others] as const);
    return finding(code, { file: values.file, key }, { functions: names.join(", "), valuesFile: values.file });
  });
}

function readerOf({ name }: Row, { methods, apis }: Project): Reader {
  const used = name === API_FUNCTION ? apis.filter(({ enabled }) => enabled) : [];
  const credentials = used.flatMap((api) => NEEDED[api.auth as AuthKind].map((kind) => api.credentials[kind]));
  const targetKind = methods.find((method) => method.name === name)?.target?.kind;
  return { name, targetKind, credentials: new Set(credentials.filter((variable) => variable !== undefined)) };
}

/** Of every row, also where others are deployed: the CLI fills in the whole file before it reads it. */
function changed({ config, values }: Project): Finding[] {
  return [...new Set(templateNames(JSON.stringify(config)))].flatMap((name) => {
    const detail = changeOf(values.get(name) ?? "");
    return detail === undefined
      ? []
      : [finding("VALUE_CHANGED", { file: values.sourceOf(name), key: name }, { detail })];
  });
}

function checkLocal(name: string, { isLocal, values }: Project): Finding[] {
  if (isLocal || !isLocalValue(name, values.get(name) ?? "")) return [];
  return [finding("VALUE_LOCAL", { file: values.sourceOf(name), key: name })];
}

const LOOPBACK = /^https?:\/\/(localhost|127\.|\[::1\])/;

function isLocalValue(name: string, value: string): boolean {
  if (value === "" || VARIABLES.get(name)?.isLocalValueReal) return false;
  return LOCAL_VALUES[name] === value || value.split(",").some((part) => LOOPBACK.test(part.trim()));
}

/** What the template of @cloudbase/cli 2.12.10 does to a value; `undefined`: nothing. */
export function changeOf(value: string): string | undefined {
  if (value.includes('"')) return "有引号 / it has a quotation mark";
  if (value.includes("\\")) return "有反斜杠 / it has a backslash";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f]/.test(value)) return "有换行或控制字符 / it has a line break or a control character";
  if (value.includes("{{")) return "有 {{ / it has {{";
  if (value === "null") return "是 null / it is null";
  return isJsonContainer(value) ? "是 JSON 对象或数组 / it is a JSON object or array" : undefined;
}

function isJsonContainer(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null;
  } catch {
    return false;
  }
}

/** What stands in the row itself, beside the templates. */
function checkLiterals(row: Row): Finding[] {
  return Object.entries(row.envVariables).flatMap(([name, text]) => {
    const detail = changeOf(text.replace(/\{\{\s*env\.\w+\s*\}\}/g, ""));
    const place = { file: CONFIG_FILE, key: `${row.name}.envVariables.${name}` };
    return detail === undefined ? [] : [finding("VALUE_CHANGED", place, { detail })];
  });
}

function checkSize(row: Row, values: Values): Finding[] {
  const texts = Object.entries(row.envVariables).map(([name, text]) => `${name}${filledIn(text, values)}`);
  const bytes = Buffer.byteLength(texts.join(""));
  if (bytes <= DEPLOY_LIMITS.variablesBytes) return [];
  const place = { file: CONFIG_FILE, key: `${row.name}.envVariables` };
  return [finding("VARIABLES_TOO_LARGE", place, { bytes, limit: DEPLOY_LIMITS.variablesBytes })];
}
