/** Which page is shown: the part of the address after `#`, so that reload and back work. */
import { decodedPart } from "../../../shared/base/url-part";
import { Signal } from "./signal";

export type Route =
  | { page: "home" }
  | { page: "method"; name: string }
  | { page: "instance"; id: string }
  | { page: "processes" }
  | { page: "apis" }
  | { page: "api"; name: string }
  | { page: "form-side" };

export function parseRoute(hash: string): Route {
  const [, page, ...rest] = hash.split("/");
  const name = decodedPart(rest.join("/"));
  if (page === "methods" && name !== "") return { page: "method", name };
  if (page === "instances" && name !== "") return { page: "instance", id: name };
  if (page === "apis") return name === "" ? { page } : { page: "api", name };
  if (page === "processes" || page === "form-side") return { page };
  return { page: "home" };
}

export const hrefTo = {
  method: (name: string) => `#/methods/${encodeURIComponent(name)}`,
  instance: (id: string) => `#/instances/${encodeURIComponent(id)}`,
  processes: "#/processes",
  apis: "#/apis",
  api: (name: string) => `#/apis/${name.split("/").map(encodeURIComponent).join("/")}`,
  formSide: "#/form-side",
} as const;

export function watchRoute(): Signal<Route> {
  const route = new Signal(parseRoute(window.location.hash));
  window.addEventListener("hashchange", () => route.set(parseRoute(window.location.hash)));
  return route;
}
