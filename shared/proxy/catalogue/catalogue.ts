/** The catalogue: which third-party systems can be called, and how. One file a platform, checked when it is loaded. */
import * as z from "zod";

/** Names of platforms, instances, interfaces and arguments: letters of any script, digits and `_`. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u;
const nameSchema = z.string().regex(NAME);
/** Of an environment variable: secrets stand in the environment, never in the catalogue. */
const variableSchema = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/);
const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
/** An origin, and where all paths begin; no credentials in it. */
const baseUrlSchema = z.string().regex(/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/);
/** `/customers/{id}`: what stands in braces is an argument's name, and takes the place of one segment or a part of one. */
const pathSchema = z.string().regex(/^\/[^\s?#\\@]*$/);
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
const isSchema = (value: unknown): value is z.ZodType => typeof value === "object" && value !== null && "_zod" in value;

/** When an answer with HTTP 2xx is a failure all the same: `errcode` is not 0. */
export const successSchema = z.strictObject({
  /** The member of the answer that tells, with dots down into objects. */
  code: z.string().min(1),
  /** Its values that are a success. */
  is: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  /** The member with the platform's own words. */
  message: z.string().min(1).optional(),
});

export const retrySchema = z.strictObject({
  /** All tries of one call; only of an interface that is idempotent. */
  tries: z.number().int().min(1).max(5),
});

const secretSchema = variableSchema;
const commonAuth = {
  /** Codes of the success rule by which the platform says that the token is over: it is fetched again, once. */
  expiredCodes: z.array(z.union([z.string(), z.number()])).default([]),
};
const placeSchema = z.strictObject({
  in: z.enum(["header", "query"]),
  name: z.string().min(1),
  prefix: z.string().default(""),
});

/** How a platform knows its caller. A member that names a secret holds the name of an instance's `secrets`. */
export const authSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("basic"), user: nameSchema, password: nameSchema }),
  z.strictObject({ kind: z.literal("bearer"), token: nameSchema }),
  z.strictObject({ kind: z.literal("apiKey"), key: nameSchema, place: placeSchema }),
  /** https://datatracker.ietf.org/doc/html/rfc6749#section-4.4 */
  z.strictObject({
    kind: z.literal("oauth2"),
    tokenPath: z.string().min(1),
    clientId: nameSchema,
    clientSecret: nameSchema,
    scope: z.string().optional(),
    /** Where id and secret go. Default `basic`. */
    credentials: z.enum(["basic", "body"]).default("basic"),
    ...commonAuth,
  }),
  /** A token is fetched with the secrets, then sent along: WeCom, DingTalk, Feishu. */
  z.strictObject({
    kind: z.literal("twoStep"),
    method: z.enum(["GET", "POST"]),
    tokenPath: z.string().min(1),
    /** Names on the wire -> names of secrets; in the query of a GET, in the JSON body of a POST. */
    params: z.record(z.string(), nameSchema),
    /** Members of the answer. */
    token: z.string().min(1),
    expiresIn: z.string().min(1),
    success: successSchema.optional(),
    place: placeSchema,
    ...commonAuth,
  }),
  /** `HMAC-SHA256(secret, "<timestamp>\n<method>\n<path and query>\n<SHA-256 of the body in hex>")`, in hex. */
  z.strictObject({
    kind: z.literal("hmac"),
    secret: nameSchema,
    keyId: nameSchema.optional(),
    headers: z.strictObject({
      signature: z.string().default("x-signature"),
      timestamp: z.string().default("x-timestamp"),
      keyId: z.string().default("x-key-id"),
    }),
  }),
  z.strictObject({
    kind: z.literal("function"),
    /** Gets the secrets and the request as it will be sent; gives headers and query members to add. */
    sign: z.custom<SignFunction>((value) => typeof value === "function"),
  }),
]);

export interface Signable {
  method: string;
  /** Path and query, as they will be sent. */
  target: string;
  body: string;
  /** Epoch milliseconds. */
  nowMs: number;
}
export type SignFunction = (
  request: Signable,
  secrets: Readonly<Record<string, string>>,
) => { headers?: Record<string, string>; query?: Record<string, string> };

const argumentSchema = z.strictObject({
  name: nameSchema,
  in: z.enum(["path", "query", "header", "body"]),
  /** Its name on the wire and in a chain, with dots down into the body; default its own. "" is the whole body. */
  as: z.string().optional(),
  schema: z.custom<z.ZodType>(isSchema),
  default: z.unknown().optional(),
});

const interfaceSchema = z.strictObject({
  title: textSchema.optional(),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: pathSchema,
  /** In the order of a direct call. */
  args: z.array(argumentSchema).max(20).readonly().default([]),
  /** Always sent, under what a call gives; objects of the body member by member. */
  query: z.record(z.string(), scalarSchema).default({}),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.record(z.string(), z.unknown()).optional(),
  contentType: z.enum(["json", "form", "multipart", "text"]).default("json"),
  response: z
    .strictObject({
      type: z.enum(["json", "text", "bytes"]).default("json"),
      /** The part of a JSON answer that is given back, with dots; default all of it. */
      pick: z.string().optional(),
    })
    .default({ type: "json" }),
  success: successSchema.optional(),
  /** Whether a second try can do harm. Default: GET is, the others are not. */
  idempotent: z.boolean().optional(),
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
});

const instanceSchema = z.strictObject({
  instance_key: nameSchema,
  isDefault: z.boolean().default(false),
  baseUrl: baseUrlSchema.optional(),
  /** An environment variable that holds the base URL, and counts where it is set. */
  baseUrlVariable: variableSchema.optional(),
  /** An environment variable that says `true` where this instance may lie in a private network. */
  allowPrivateVariable: variableSchema.optional(),
  allowPrivate: z.boolean().default(false),
  /** Name in the catalogue -> environment variable. */
  secrets: z.record(nameSchema, secretSchema).default({}),
  /**
   * Values that are no secrets, by which `{agentid}` in bodies, queries, headers and paths is filled in. A text of the body
   * that is nothing but `{agentid:number}` becomes a number.
   */
  variables: z.record(nameSchema, variableSchema).default({}),
});

export const platformSchema = z.strictObject({
  platform_key: nameSchema,
  title: textSchema,
  auth: authSchema.default({ kind: "none" }),
  headers: z.record(z.string(), z.string()).default({}),
  /** For all tries of one call. */
  timeoutMs: z.number().int().min(1).max(600_000).default(10_000),
  attemptTimeoutMs: z.number().int().min(1).max(600_000).default(5_000),
  retry: retrySchema.default({ tries: 3 }),
  success: successSchema.optional(),
  maxAnswerBytes: z.number().int().min(1).max(50_000_000).default(1_000_000),
  /** Calls that one instance of a function sends in a window; more wait, as far as their time goes. Default: any number. */
  limit: z.strictObject({ calls: z.number().int().min(1), windowMs: z.number().int().min(1) }).optional(),
  /** After so many failures in a row nothing is sent for a while, then one call tries. Default: off. */
  breaker: z.strictObject({ failures: z.number().int().min(1), openMs: z.number().int().min(1) }).optional(),
  instances: z.array(instanceSchema).min(1).readonly(),
  interfaces: z.record(nameSchema, interfaceSchema),
});
export type PlatformInput = z.input<typeof platformSchema>;
export type Platform = z.output<typeof platformSchema>;
export type Interface = z.output<typeof interfaceSchema>;
export type Instance = z.output<typeof instanceSchema>;
export type Auth = z.output<typeof authSchema>;
export type Success = z.output<typeof successSchema>;
