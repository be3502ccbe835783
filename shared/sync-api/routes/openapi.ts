/** The routes as an OpenAPI 3.1 document. https://spec.openapis.org/oas/v3.1.0 */
import { REFUSALS, type RefusalKind, RUN_CODES } from "../wire/codes";
import { type Route, routeName } from "./route";
import type { AuthKind } from "./route-kinds";

const SCHEMES = {
  token: { type: "apiKey", in: "header", name: "token" },
  bearer: { type: "http", scheme: "bearer" },
  user: { type: "apiKey", in: "header", name: "user" },
  password: { type: "apiKey", in: "header", name: "password" },
  basic: { type: "http", scheme: "basic" },
  signature: { type: "apiKey", in: "header", name: "x-signature" },
} as const;

/** Alternatives; what stands in one is needed together. */
const SECURITY: Record<AuthKind, Record<string, []>[]> = {
  none: [{}],
  token: [{ token: [] }, { bearer: [] }],
  password: [{ user: [], password: [] }, { basic: [] }],
  hmac: [{ signature: [] }],
};

/** As they are switched now; those that are not enabled are marked. */
export function openapiOf(routes: readonly Route[]) {
  const paths: Record<string, unknown> = {};
  for (const route of routes)
    paths[`/v1/api/${routeName(route)}`] = { [route.method.toLowerCase()]: operationOf(route) };
  return {
    openapi: "3.1.0",
    info: { title: "startflow sync API", version: "1" },
    paths: { ...paths, ...RUN_PATHS },
    components: { securitySchemes: SCHEMES, schemas: { Run: RUN, Refusal: REFUSAL } },
  };
}

function operationOf(route: Route) {
  const { title, auth, enabled, module } = route;
  return {
    // No part of a name has a dot: two names never give one id.
    operationId: routeName(route).replaceAll("/", "."),
    summary: title.en,
    description: title.zh,
    tags: [module],
    security: SECURITY[auth],
    ...(enabled ? {} : { deprecated: true, "x-enabled": false }),
    ...inputOf(route),
    responses: route.raw ? RAW_RESPONSES : RESPONSES,
  };
}

const HEADERS = [
  header("Idempotency-Key", { type: "string", maxLength: 200 }, "the same key and content is the same run"),
  header("Prefer", { type: "string" }, "wait=<seconds>, respond-async"),
  header("X-Callback-Url", { type: "string", format: "uri" }, "told of the run's end"),
];

function header(name: string, schema: object, description: string) {
  return { name, in: "header", required: false, description, schema };
}

/** Made when the function is built, of the same declarations: what makes them would double what is loaded of zod. */
function inputSchemas(): Record<string, Record<string, unknown>> {
  return require("./input-schemas.json");
}

/** Of a GET, the members of the input are its query. */
function inputOf(route: Route) {
  const { method, debug } = route;
  const { $schema: _, ...schema } = inputSchemas()[routeName(route)] ?? {};
  if (method === "POST") {
    const content = { "application/json": { schema, example: debug } };
    return { parameters: HEADERS, requestBody: { required: false, content } };
  }
  const { properties = {}, required = [] } = schema as { properties?: Record<string, unknown>; required?: string[] };
  const query = Object.entries(properties).map(([name, member]) => {
    return { name, in: "query", required: required.includes(name), schema: member };
  });
  return { parameters: [...query, ...HEADERS] };
}

const PLACE = {
  type: "object",
  properties: {
    id: { type: "string" },
    name: { type: "string" },
    assignees: { type: "array", items: { type: "string" } },
  },
  required: ["id", "name"],
};

const RUN = {
  type: "object",
  properties: {
    response: {
      type: "object",
      properties: {
        data: { description: "the output; an empty text without one" },
        code: { type: "integer", enum: [...new Set(Object.values(RUN_CODES).map(({ code }) => code))] },
        msg: { type: "string" },
        uid: { type: "string", pattern: "^[0-9]{15,20}$" },
        node: PLACE,
        waiting: { type: "array", items: PLACE },
      },
      required: ["uid"],
    },
  },
  required: ["response"],
};

const REFUSAL = {
  type: "object",
  properties: {
    response: {
      type: "object",
      properties: {
        error: {
          type: "object",
          properties: { code: { type: "string" }, message: { type: "string" }, fields: { type: "array" } },
          required: ["code", "message"],
        },
      },
      required: ["error"],
    },
  },
  required: ["response"],
};

const RESPONSES = responses();

/** Without the envelope: the output itself, or the members of a run that gave none. */
const RAW_RESPONSES = Object.fromEntries(
  Object.entries(RESPONSES).map(([status, { description }]) => [
    status,
    { description, content: { "application/json": { schema: {} } } },
  ]),
);

type Schema = "Run" | "Refusal";

/** One for each status that the two tables have; some have a run or a refusal. */
function responses() {
  const told = new Map<number, { texts: string[]; schemas: Set<Schema> }>();
  const add = (status: number, text: string, schema: Schema) => {
    const { texts, schemas } = told.get(status) ?? { texts: [], schemas: new Set() };
    told.set(status, { texts: [...texts, text], schemas: schemas.add(schema) });
  };
  for (const { status, code, en } of Object.values(RUN_CODES))
    add(status, `${code}${en === "" ? "" : ` ${en}`}`, "Run");
  for (const kind of Object.keys(REFUSALS) as RefusalKind[]) add(REFUSALS[kind].status, REFUSALS[kind].en, "Refusal");
  const rows = [...told].map(([status, { texts, schemas }]) => {
    return [status, { description: texts.join("; "), content: contentOf(...schemas) }];
  });
  return Object.fromEntries(rows) as Record<string, { description: string; content: object }>;
}

function contentOf(...schemas: Schema[]) {
  const refs = schemas.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  return { "application/json": { schema: refs.length === 1 ? refs[0] : { oneOf: refs } } };
}

const UID_PARAMETER = {
  name: "uid",
  in: "path",
  required: true,
  schema: { type: "string", pattern: "^[0-9]{15,20}$" },
};

const RUN_PATHS = {
  "/v1/runs/{uid}": { get: runOperation("getRun", "How a run stands") },
  "/v1/runs/{uid}/cancel": { post: runOperation("cancelRun", "Ends a run") },
};

function runOperation(operationId: string, summary: string) {
  return {
    operationId,
    summary,
    description: "with the credentials of the route that the run came by",
    security: Object.values(SECURITY).flat(),
    parameters: [UID_PARAMETER],
    responses: {
      200: { description: "how it stands", content: contentOf("Run") },
      default: { description: "refused", content: contentOf("Refusal") },
    },
  };
}
