/**
 * An object that answers a member it does not have with an error that lists what there is, and not the questions that
 * `await`, `console.log`, `JSON.stringify` and test tools ask of any object.
 */

export interface Surface {
  /** As it is shown by `console.log`. */
  label: string;
  /** Methods that are not listed. */
  steps: object;
  /** Members that are listed. */
  keys: readonly string[];
  /** `undefined` where there is no such member. */
  memberOf(name: string): unknown;
  notThere(name: string): Error;
}

/** Asked of any object: by `await`, `JSON.stringify`, `console.log`, React, DOM and test tools. */
const ASKED = new Set(["then", "toJSON", "inspect", "nodeType", "tagName", "asymmetricMatch"]);
/** What somebody may have meant as an interface or a step; all else is a tool's question. */
const MEANT = /^(\$[a-z]|[\p{L}_])[\p{L}\p{N}_]*$/u;
/** https://nodejs.org/docs/latest-v20.x/api/util.html#utilinspectcustom */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

const SURFACE = Symbol("surface");

interface Target {
  [SURFACE]: Surface;
}

const shown = {
  [INSPECT](this: Target): string {
    return this[SURFACE].label;
  },
  toString(this: Target): string {
    return this[SURFACE].label;
  },
};

/** One for all: what differs stands in the target. */
const handler: ProxyHandler<Target> = {
  get(target, name) {
    if (typeof name === "symbol" || name in target) return Reflect.get(target, name);
    const member = target[SURFACE].memberOf(name);
    if (member !== undefined) return member;
    if (ASKED.has(name) || name.startsWith("_") || !MEANT.test(name)) return undefined;
    throw target[SURFACE].notThere(name);
  },
  has: (target, name) => name in target || memberOf(target, name) !== undefined,
  ownKeys: (target) => [...target[SURFACE].keys],
  getOwnPropertyDescriptor(target, name) {
    const value = memberOf(target, name);
    return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
  },
  set: () => false,
  defineProperty: () => false,
  deleteProperty: () => false,
  setPrototypeOf: () => false,
  preventExtensions: () => false,
};

function memberOf(target: Target, name: string | symbol): unknown {
  return typeof name === "string" ? target[SURFACE].memberOf(name) : undefined;
}

export function surfaceOf(surface: Surface): object {
  const target = Object.assign(Object.create(shown), surface.steps, { [SURFACE]: surface });
  return new Proxy<Target>(target, handler);
}
