/** Requests to the sync API written by hand, a line each, for bytes that no client sends. */

/** With a port or without one: it is this machine. */
export const HOST = "127.0.0.1";

/** A request of which lines are given as they are; `POST` to a route that asks for nothing, where nothing else is said. */
export function raw(lines: string[], body = "", first = "POST /v1/api/botman/test/sync HTTP/1.1"): string {
  const isHost = lines.some((line) => /^\s*host/i.test(line));
  return `${[first, ...(isHost ? [] : [`Host: ${HOST}`]), ...lines].join("\r\n")}\r\n\r\n${body}`;
}

export const get = (target: string, lines: string[] = []) => raw(lines, "", `GET ${target} HTTP/1.1`);

/** One that would be answered. */
export const NORMAL = raw(["Content-Length: 2"], "{}");

/** One for inside of another. */
export const INNER = "POST /v1/api/botman/test/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}";
