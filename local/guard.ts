/** Who is served: the page's own origin and scripts on this machine; and what every answer tells the browser. */
import type { MiddlewareHandler } from "hono";
import { apiError } from "./console/api-error";

const HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const READS = new Set(["GET", "HEAD", "OPTIONS"]);

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
};

/** Nobody reaches the platform by a name that he resolves to 127.0.0.1. */
export const ownHostOnly: MiddlewareHandler = (c, next) =>
  HOSTS.test(c.req.header("host") ?? "") ? next() : Promise.resolve(apiError(c, 403, "HOST_REFUSED"));

/** A page of another origin must not reach the platform. */
export const ownOriginOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`) return apiError(c, 403, "ORIGIN_REFUSED");
  if (c.req.header("sec-fetch-site") === "cross-site") return apiError(c, 403, "ORIGIN_REFUSED");
  return next();
};

/** A form of another page can send text and form types without asking; JSON and bytes it cannot. */
export function contentType(allowedAt: (path: string) => string): MiddlewareHandler {
  return async (c, next) => {
    if (READS.has(c.req.method)) return next();
    const sent = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    return sent === allowedAt(c.req.path) ? next() : apiError(c, 415, "CONTENT_TYPE_REFUSED");
  };
}
