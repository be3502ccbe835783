/** What an error is to whoever typed the command: what happened and what to do, without a stack. */

export function wordsOf(error) {
  const name = missingPackage(error);
  if (name !== undefined) return `the package ${name} is missing: run npm ci, then the command again`;
  // Of esbuild, which has shown them already.
  if (Array.isArray(error?.errors)) return "it does not build, for the reasons above";
  return error instanceof Error ? error.message : String(error);
}

/** Its name, where this is why nothing was loaded. */
export function missingPackage(error) {
  const isMissing = error?.code === "ERR_MODULE_NOT_FOUND" || error?.code === "MODULE_NOT_FOUND";
  return isMissing ? /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(error.message)?.[1] : undefined;
}
