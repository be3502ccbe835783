/** Stands where a package of node-sdk was left out: whoever reaches it is told which one, instead of getting nothing. */

/** Members may be read, as node-sdk does while it is loaded; a call, a `new` and a use as text throw. */
export function leftOut(packageName: string): unknown {
  const fail = (): never => {
    throw new Error(
      `${packageName} is not in this bundle of @cloudbase/node-sdk; LEFT_OUT in scripts/lean-sdk/plugin.ts says why`,
    );
  };
  const get = (_: unknown, key: string | symbol) => {
    if (key === Symbol.toPrimitive) return fail;
    // Asked of whatever is awaited, imported or printed: it is no promise and no ES module.
    return typeof key === "symbol" || key === "then" || key === "__esModule" ? undefined : leftOut(packageName);
  };
  // A class, because only of what can be constructed can `new` be answered.
  return new Proxy(class {}, { get, apply: fail, construct: fail });
}
