/** How an OpenAPI description says that its caller is known: one kind is taken for the platform, the others are said. */
import { apiKey, BASIC, BEARER, type DraftAuth, isObject, NO_AUTH, objectsOf, textOf } from "./interface-draft";
import type { OpenApi } from "./interface-openapi-values";

/** @returns the authentication, and the names of the schemes that it stands for */
export function readAuth(api: OpenApi, baseUrl: string): { auth: DraftAuth; schemes: string[] } {
  const all = api.at(api.at(api.root.components).securitySchemes);
  const { notes } = api;
  for (const name of wantedSchemes(api, Object.keys(all))) {
    const found = authOf(api.at(all[name]), baseUrl);
    if (typeof found === "string") notes.say(`security scheme ${name}: not imported: ${found}`);
    else {
      const others = Object.keys(all).filter((other) => other !== name);
      if (others.length > 0) notes.say(`the platform is called with ${name}; not imported: ${others.join(", ")}`);
      return { auth: found, schemes: [name] };
    }
  }
  return { auth: NO_AUTH, schemes: [] };
}

/** Those of the whole description first, then the one that most operations ask for. */
function wantedSchemes({ root, at }: OpenApi, all: string[]): string[] {
  const global = objectsOf(root.security).flatMap((one) => Object.keys(one));
  const counts = new Map<string, number>();
  for (const item of Object.values(at(root.paths))) {
    for (const operation of Object.values(at(item)).filter(isObject)) {
      for (const name of objectsOf(operation.security).flatMap((one) => Object.keys(one))) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  const counted = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return [...new Set([...global, ...counted, ...all])].filter((name) => all.includes(name));
}

/** @returns why not, where it cannot be imported */
function authOf(scheme: Record<string, unknown>, baseUrl: string): DraftAuth | string {
  if (scheme.type === "http") {
    const kind = textOf(scheme.scheme).toLowerCase();
    if (kind === "basic") return BASIC;
    return kind === "bearer" ? BEARER : `HTTP authentication ${kind}`;
  }
  if (scheme.type === "apiKey") {
    const place = textOf(scheme.in);
    if (place === "header" || place === "query") return apiKey({ in: place, name: textOf(scheme.name) });
    return `a key in the ${place}`;
  }
  if (scheme.type === "oauth2") return clientCredentials(scheme, baseUrl);
  return `type ${textOf(scheme.type)}`;
}

function clientCredentials({ flows }: Record<string, unknown>, baseUrl: string): DraftAuth | string {
  const flow = isObject(flows) ? flows.clientCredentials : undefined;
  if (!isObject(flow)) return "OAuth2 without the client credentials flow: it needs a person";
  const url = textOf(flow.tokenUrl);
  if (!URL.canParse(url, `${baseUrl}/`)) return "its tokenUrl cannot be read";
  const token = new URL(url, `${baseUrl}/`);
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  if (token.origin !== base.origin || !token.pathname.startsWith(`${prefix}/`)) {
    return `its token comes from ${token.host}${token.pathname}, which is not below ${baseUrl}`;
  }
  const scopes = isObject(flow.scopes) ? Object.keys(flow.scopes).join(" ") : "";
  return {
    auth: {
      kind: "oauth2",
      tokenPath: token.pathname.slice(prefix.length),
      clientId: "clientId",
      clientSecret: "clientSecret",
      ...(scopes === "" ? {} : { scope: scopes }),
    },
    secrets: ["clientId", "clientSecret"],
  };
}
