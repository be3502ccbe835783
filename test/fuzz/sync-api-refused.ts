/** HTTP as it should be, or nearly: each has one answer of the API, with its code. */
import { METHODS } from "node:http";
import { LOCAL_SYNC } from "../../local/functions/environment";
import { LIMITS } from "../../shared/sync-api/routes/route";
import { get, raw } from "./sync-api-raw";

export const REFUSED: Record<string, [code: string, () => string, method?: string]> = {
  ...Object.fromEntries(
    METHODS.filter((method) => !["POST", "CONNECT"].includes(method)).map((method) => {
      const send = () => raw(["Content-Length: 2"], "{}", `${method} /v1/api/botman/test/sync HTTP/1.1`);
      return [method, ["requestError.methodNotAllowed", send, method] as const];
    }),
  ),
  "version 1.0": ["requestError.notFound", () => raw([], "", "GET /v1/api/x/y HTTP/1.0")],
  "a target with a host": ["requestError.notFound", () => get("http://evil.example/v1/api/x/y")],
  "a target with another scheme": ["requestError.notFound", () => get(`https://${"127.0.0.1"}/v1/api/x/y`)],
  "an encoded zero": ["requestError.notFound", () => get("/v1/api/botman/test/sync%00")],
  "encoded dots": ["requestError.notFound", () => get("/v1/api/%2e%2e%2f%2e%2e/x")],
  "encoded slashes": ["requestError.notFound", () => get("/v1/api/botman%2ftest%2fsync")],
  "dots twice encoded": ["requestError.notFound", () => get("/v1/api/%252e%252e/x")],
  "overlong dots": ["requestError.notFound", () => get("/v1/%c0%ae%c0%ae/api/x")],
  "percent signs": ["requestError.notFound", () => get("/v1/api/%zz/%")],
  "encoded line breaks": ["requestError.notFound", () => get("/v1/api/x%0d%0aX-Injected:%201")],
  "no version": ["requestError.notFound", () => raw([], "", "GET /v1/api/x/y")],
  "a parameter of a path": ["requestError.notFound", () => get("/v1/api/botman/test/sync;a=b")],
  "a path of 3,000 bytes": ["requestError.notFound", () => get(`/v1/api/${"a".repeat(3_000)}`)],
  "a query of 7,000 equal names": [
    "requestError.invalidParams",
    () => get(`/v1/api/admin/test/sync?${"a&".repeat(7_000)}`),
  ],
  "a token that is none": ["requestError.unauthorized", () => get("/v1/api/admin/test/sync", ["token: x"])],
  "a token of bytes": ["requestError.unauthorized", () => get("/v1/api/admin/test/sync", ["token: \xe4\xbd\xa0"])],
  "a token of 15,000 bytes": [
    "requestError.unauthorized",
    () => get("/v1/api/admin/test/sync", [`token: ${"1".repeat(15_000)}`]),
  ],
  "the right token, and a wrong one": [
    "requestError.unauthorized",
    () => get("/v1/api/admin/test/sync", [`token: ${LOCAL_SYNC.token}`, "token: x"]),
  ],
  "a token in the query": [
    "requestError.invalidParams",
    () => get(`/v1/api/admin/test/sync?token=${LOCAL_SYNC.token}`),
  ],
  "a token in a trailer": [
    "requestError.invalidParams",
    () =>
      raw(
        ["Transfer-Encoding: chunked", "Trailer: token"],
        `2\r\n{}\r\n0\r\ntoken: ${LOCAL_SYNC.token}\r\n\r\n`,
        "POST /v1/api/demo/flows/hello HTTP/1.1",
      ),
  ],
  "a token with a hyphenated name": [
    "requestError.invalidParams",
    () => get("/v1/api/admin/test/sync", [`to_ken: ${LOCAL_SYNC.token}`]),
  ],
  "an origin": ["requestError.forbidden", () => raw(["Origin: https://evil.example", "Content-Length: 2"], "{}")],
  "the origin null": ["requestError.forbidden", () => raw(["Origin: null", "Content-Length: 2"], "{}")],
  "half JSON": ["requestError.unreadableBody", () => raw(["Content-Length: 1"], "{")],
  bytes: ["requestError.unreadableBody", () => raw(["Content-Length: 2"], "\xff\xfe")],
  gzip: ["requestError.unreadableBody", () => raw(["Content-Length: 4", "Content-Encoding: gzip"], "\x1f\x8b\x08\0")],
  "parts without a boundary": [
    "requestError.unreadableBody",
    () => raw(["Content-Length: 3", "Content-Type: multipart/form-data"], "--x"),
  ],
  "another type": [
    "requestError.unsupportedMediaType",
    () => raw(["Content-Length: 2", "Content-Type: text/html"], "{}"),
  ],
  "a key of spaces": ["requestError.invalidParams", () => raw(["Idempotency-Key: a b", "Content-Length: 2"], "{}")],
  "an uid of 21 digits": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(21)}`)],
  "an uid of nobody": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(18)}`)],
  "an uid with a line break": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(18)}%0a`)],
  "a body that says it is too large": [
    "requestError.payloadTooLarge",
    () => raw([`Content-Length: ${LIMITS.maxBodyBytes + 1}`]),
  ],
};
