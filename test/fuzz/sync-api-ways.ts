/** Hostile requests as bytes: framed, in pieces, cut, with something behind them. */
import { METHODS } from "node:http";
import fc from "fast-check";
import { LOCAL_SYNC } from "../../local/functions/environment";
import { type HostileRequest, hostile, recipes } from "./sync-api-hostile";
import { HOST } from "./sync-api-raw";
import { NASTY, text } from "./sync-api-text";
import { type Piece, wireOf } from "./sync-api-wire";

export const ways = fc.record({
  recipe: recipes(20),
  /** How its body comes. */
  framing: fc.constantFrom("length", "length", "length", "chunked", "chunked"),
  /** In how many pieces, with pauses between them. */
  pieces: fc.constantFrom(1, 1, 1, 2, 5),
  host: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constantFrom(...NASTY) }),
  /** Behind the end of it. */
  behind: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, { weight: 1, arbitrary: text }),
  /** Of a hundred, how much is sent before its caller goes away. */
  cutAt: fc.oneof({ weight: 9, arbitrary: fc.constant(100) }, { weight: 1, arbitrary: fc.nat(99) }),
});
export type Way = typeof ways extends fc.Arbitrary<infer One> ? One : never;

export interface HostileBytes {
  request: HostileRequest;
  pieces: Piece[];
  isCut: boolean;
  /** The HTTP server has nothing against it. */
  isHttp: boolean;
  /** No part of the API. */
  isElsewhere: boolean;
}

export function bytesOf({ recipe, framing, pieces, host, behind, cutAt }: Way): HostileBytes {
  const whole = hostile(recipe, LOCAL_SYNC);
  const isChunked = framing === "chunked" && whole.body.length > 0;
  const request: HostileRequest = isChunked
    ? { ...whole, body: chunked(whole.body), headers: [["Transfer-Encoding", "chunked"], ...whole.headers] }
    : whole;
  const bytes = Buffer.concat([wireOf(request, host || HOST), Buffer.from(behind)]);
  return {
    request: { ...request, mayRun: request.mayRun && host === "" },
    pieces: cutIn(bytes.subarray(0, Math.floor((bytes.length * cutAt) / 100)), pieces),
    isCut: cutAt < 100,
    isHttp: isRight(request) && host === "" && behind === "",
    isElsewhere: isElsewhere(request),
  };
}

function chunked(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);
}

function isRight({ method, target, headers }: HostileRequest): boolean {
  const isHeader = ([name, value]: [string, string]) =>
    /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/(?!\t)\p{Cc}/u.test(value);
  const size = Buffer.byteLength(`${target}${headers.flat().join("")}`);
  // A backslash counts as a slash in some places, and not in others: such a target is refused.
  return (
    METHODS.includes(method) && /^\/[\x21-\x5b\x5d-\x7e]*$/.test(target) && headers.every(isHeader) && size < 15_000
  );
}

/** As the platform's router reads the path. */
function isElsewhere({ target }: HostileRequest): boolean {
  const url = URL.canParse(`http://x${target}`) ? new URL(`http://x${target}`) : undefined;
  return url !== undefined && !/^\/v1(\/|$)/.test(url.pathname);
}

function cutIn(bytes: Buffer, count: number): Piece[] {
  const size = Math.max(1, Math.ceil(bytes.length / count));
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size), 3);
  return pieces.slice(0, -1);
}
