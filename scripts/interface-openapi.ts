/** From an OpenAPI description, 3.0 or 3.1, in JSON or YAML: https://spec.openapis.org/oas/v3.1.1.html */

import { decodedPart } from "../shared/base/url-part";
import {
  type Draft,
  type DraftInstance,
  type DraftInterface,
  ImportRefused,
  isObject,
  listOf,
  type Notes,
  objectsOf,
  textOf,
} from "./interface-draft";
import { makeNamer, snakeCase } from "./interface-names";
import { readAuth } from "./interface-openapi-auth";
import { type OpenApi, readBody, readParameters } from "./interface-openapi-values";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

export function readOpenApi(root: Record<string, unknown>, baseUrl: string | undefined, notes: Notes): Draft {
  if (root.swagger !== undefined) {
    throw new ImportRefused("this is Swagger 2.0: convert it to OpenAPI 3 first, for example with npx swagger2openapi");
  }
  const api = openApi(root, notes);
  const info = api.at(root.info);
  const instances = instancesOf(api, baseUrl);
  const { auth, schemes } = readAuth(api, instances[0]?.baseUrl ?? "");
  if (isObject(root.webhooks) && Object.keys(root.webhooks).length > 0) notes.say("webhooks are not imported");
  const interfaces = Object.entries(api.at(root.paths)).flatMap(([path, value]) =>
    pathInterfaces(api, path, value, schemes),
  );
  return { name: textOf(info.title), title: textOf(info.title), auth, instances, interfaces };
}

function openApi(root: Record<string, unknown>, notes: Notes): OpenApi {
  const resolve = (reference: string): unknown => {
    if (!reference.startsWith("#/")) return undefined;
    let value: unknown = root;
    for (const part of reference.slice(2).split("/")) {
      const name = decodedPart(part).replaceAll("~1", "/").replaceAll("~0", "~");
      const isThere = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, name);
      value = isThere ? (value as Record<string, unknown>)[name] : undefined;
    }
    return value;
  };
  const at = (value: unknown): Record<string, unknown> => {
    let found = value;
    for (let steps = 0; isObject(found) && typeof found.$ref === "string" && steps < 10; steps++) {
      const target = resolve(found.$ref);
      if (target === undefined) notes.say(`${found.$ref} is not in this file, and is left out`);
      found = target;
    }
    return isObject(found) ? found : {};
  };
  return { root, notes, resolve, at };
}

/** Every server is an instance; the first is the default. */
function instancesOf({ root, notes }: OpenApi, baseUrl: string | undefined): DraftInstance[] {
  const named = makeNamer();
  const found = objectsOf(root.servers).flatMap((server, at) => {
    const url = serverUrl(server, notes);
    if (url === undefined) return [];
    const wish = [...snakeCase(textOf(server.description))].slice(0, 24).join("");
    return [{ key: named(at === 0 ? "main" : wish || `server_${at + 1}`).name, baseUrl: url }];
  });
  if (baseUrl !== undefined) return [{ key: "main", baseUrl }, ...found.filter(({ key }) => key !== "main")];
  if (found.length > 0) return found;
  throw new ImportRefused("it names no server with a whole address: give --base-url https://…");
}

function serverUrl(server: Record<string, unknown>, notes: Notes): string | undefined {
  const variables = isObject(server.variables) ? server.variables : {};
  const url = textOf(server.url).replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = variables[name];
    notes.say(`the server's {${name}} has its default; set the address of the instance for another`);
    return isObject(variable) ? textOf(variable.default) : "";
  });
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    notes.say(`the server ${url.slice(0, 80)} is no whole address, and is left out`);
    return undefined;
  }
  const parsed = new URL(url);
  if (parsed.search !== "" || parsed.username !== "")
    notes.say("user, password and query of a server's address are left out");
  notes.secret(decodedPart(parsed.password));
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

function pathInterfaces(api: OpenApi, path: string, value: unknown, schemes: readonly string[]): DraftInterface[] {
  const item = api.at(value);
  if (listOf(item.servers).length > 0) api.notes.say(`${path}: servers of its own are left out`);
  return METHODS.filter((method) => isObject(item[method]))
    .map((method) => {
      const operation = item[method] as Record<string, unknown>;
      const where = `${method.toUpperCase()} ${path}`;
      sayWhatIsLeft(api, where, operation, schemes);
      return operationInterface(api, where, method.toUpperCase(), path, listOf(item.parameters), operation);
    })
    .filter((one) => one !== undefined);
}

function sayWhatIsLeft(
  { notes }: OpenApi,
  where: string,
  operation: Record<string, unknown>,
  schemes: readonly string[],
) {
  if (isObject(operation.callbacks)) notes.say(`${where}: callbacks are not imported`);
  if (listOf(operation.servers).length > 0) notes.say(`${where}: servers of its own are left out`);
  if (operation.deprecated === true) notes.say(`${where}: is deprecated; imported all the same`);
  if (!Array.isArray(operation.security)) return;
  const wanted = operation.security.filter(isObject).map((one) => Object.keys(one));
  if (wanted.length === 0 && schemes.length > 0)
    notes.say(`${where}: needs no authentication; it is sent all the same`);
  const isSame = wanted.length === 0 || wanted.some((names) => names.every((name) => schemes.includes(name)));
  if (!isSame) notes.say(`${where}: wants another authentication (${wanted[0]?.join(", ")}); the platform has one`);
}

function operationInterface(
  api: OpenApi,
  where: string,
  method: string,
  path: string,
  shared: unknown[],
  operation: Record<string, unknown>,
): DraftInterface | undefined {
  const parameters = readParameters(api, where, path, [...shared, ...listOf(operation.parameters)]);
  const body = readBody(api, where, operation.requestBody);
  if (body === undefined) return undefined;
  return {
    where,
    name: textOf(operation.operationId) || `${method} ${path.replace(/[{}]/g, " ")}`,
    title: textOf(operation.summary) || textOf(operation.description).split("\n")[0] || "",
    method,
    path,
    args: [...parameters, ...body.args],
    headers: {},
    contentType: body.contentType,
    responseType: responseType(api, operation.responses),
  };
}

function responseType(api: OpenApi, value: unknown): DraftInterface["responseType"] {
  const responses = api.at(value);
  const status = Object.keys(responses).find((name) => /^2/.test(name)) ?? "default";
  const types = Object.keys(api.at(api.at(responses[status]).content));
  if (types.length === 0 || types.some((type) => /json|\*\/\*/i.test(type))) return "json";
  return types.some((type) => /^text\/|xml/i.test(type)) ? "text" : "bytes";
}
