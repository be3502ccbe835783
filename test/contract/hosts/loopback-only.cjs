/** Loaded before a host: what it would send to the internet goes to STARTFLOW_FAKE_CLOUD, and it listens on 127.0.0.1 only. */
const http = require("node:http");
const https = require("node:https");
const net = require("node:net");

const cloud = new URL(process.env.STARTFLOW_FAKE_CLOUD);
const { request } = http;

/** (url, options, done), (url, done) and (options, done) are all in use. */
function toFakeCloud(...args) {
  const done = args.find((arg) => typeof arg === "function");
  const [first, second] = args;
  const isAddress = typeof first === "string" || first instanceof URL;
  const address = isAddress ? new URL(first) : undefined;
  const options = isAddress ? (typeof second === "object" ? second : {}) : first;
  const host = address?.hostname ?? options.hostname ?? String(options.host).split(":")[0];
  const path = address === undefined ? options.path : address.pathname + address.search;
  const { agent: _, protocol: __, ...others } = options;
  const headers = { ...options.headers, host };
  return request.call(
    http,
    { ...others, path, headers, host: cloud.hostname, hostname: cloud.hostname, port: cloud.port },
    done,
  );
}
https.request = toFakeCloud;
https.get = (...args) => toFakeCloud(...args).end();

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function onLoopback(_port, done) {
  return listen.call(this, 0, "127.0.0.1", () => {
    console.log(`listening: http://127.0.0.1:${this.address().port}`);
    done?.call(this);
  });
};
