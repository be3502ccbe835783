/**
 * Loaded into a process by `--require`: every https request goes to the stand-in on loopback, with its Host kept. One request
 * stays open until the process is gone, so that the stand-in knows who could still call.
 */
const http = require("node:http");
const https = require("node:https");

const standIn = new URL(process.env.STARTFLOW_TEST_TENCENT_CLOUD);
const original = http.request;

/** The three forms of https.request: (url, options, callback), (url, callback), (options, callback). */
function taken([first, second, third]) {
  if (typeof first !== "string" && !(first instanceof URL)) return { options: { ...first }, callback: second };
  const { hostname, pathname, search } = new URL(first);
  const isOptions = typeof second === "object" && second !== null;
  return {
    options: { hostname, path: pathname + search, ...(isOptions ? second : {}) },
    callback: isOptions ? third : second,
  };
}

function redirected(args) {
  const { options, callback } = taken(args);
  const host = options.hostname ?? String(options.host ?? "").split(":")[0];
  const headers = { ...options.headers };
  if (!Object.keys(headers).some((name) => name.toLowerCase() === "host")) headers.Host = host;
  const to = { protocol: "http:", host: standIn.hostname, hostname: standIn.hostname, port: standIn.port };
  return original.call(http, { ...options, ...to, agent: undefined, headers }, callback);
}

https.request = (...args) => redirected(args);
https.get = (...args) => {
  const request = redirected(args);
  request.end();
  return request;
};

const presence = original.call(http, { host: standIn.hostname, port: standIn.port, path: "/presence", agent: false });
presence.on("error", () => {});
presence.on("socket", (socket) => socket.unref());
presence.end();
