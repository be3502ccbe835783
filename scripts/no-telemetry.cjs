/**
 * Loaded into the CloudBase CLI by `--require`: its reports to Tencent's usage statistics go nowhere. @cloudbase/cli 2.12.10
 * has no switch for that; it takes a report that does not get through for a network fault, and says nothing.
 */
const https = require("node:https");

const BLOCKED = /(^|\.)beacon\.qq\.com$/;

function hostOf([first]) {
  if (typeof first === "string") return new URL(first).hostname;
  if (first instanceof URL) return first.hostname;
  return String(first?.hostname ?? first?.host ?? "").split(":")[0];
}

for (const name of ["request", "get"]) {
  const original = https[name];
  https[name] = (...args) => {
    if (!BLOCKED.test(hostOf(args))) return original.apply(https, args);
    // Destroyed before it has connected to anything: its sender gets an error, as where there is no network.
    const request = original.call(https, { hostname: "127.0.0.1", port: 9 });
    request.destroy(new Error("usage statistics are switched off"));
    return request;
  };
}
