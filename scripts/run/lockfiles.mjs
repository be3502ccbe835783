/** Whether what npm has installed is what package-lock.json says: the two lockfiles, compared. */

/**
 * @param lock `packages` of package-lock.json
 * @param installed those of node_modules/.package-lock.json, which npm writes when it has installed
 * @param machine `{ platform, arch }` of this process
 * @returns in words, the first thing that is wrong
 */
export function differenceOf(lock, installed, machine) {
  for (const [path, wanted] of Object.entries(lock)) {
    if (path === "") continue;
    const words = packageDifference(path, wanted, installed[path]);
    if (words !== undefined) return words;
  }
  return leftOver(lock, installed) ?? foreign(installed, machine);
}

function packageDifference(path, wanted, here) {
  // What is optional may be missing: most of it is for other machines, and npm goes on where it does not install.
  if (here === undefined) return wanted.optional ? undefined : `${path} ${wanted.version} is missing`;
  // Somebody has put a folder of his own there, by npm link.
  if (here.link) return undefined;
  if (here.version !== wanted.version) return `${path} is ${here.version}, not ${wanted.version}`;
  const isOther = here.integrity !== undefined && wanted.integrity !== undefined && here.integrity !== wanted.integrity;
  return isOther ? `${path} ${here.version} has other contents` : undefined;
}

/** A package inside another one is found before the one that the lock means; one more beside them all does no harm. */
function leftOver(wanted, here) {
  const path = Object.keys(here).find((one) => {
    const inside = one.lastIndexOf("/node_modules/");
    return inside > 0 && wanted[one] === undefined && wanted[one.slice(0, inside)] !== undefined;
  });
  return path && `${path} is left over`;
}

/** A folder that came from another kind of machine has its programs, and none of this one's. */
function foreign(here, { platform, arch }) {
  const bound = Object.values(here).filter(({ os, cpu }) => os !== undefined && cpu !== undefined);
  if (bound.length === 0 || bound.some(({ os, cpu }) => fits(os, platform) && fits(cpu, arch))) return undefined;
  return `node_modules is of another kind of machine than this one (${platform} ${arch})`;
}

/** `["linux"]`, or `["!win32"]`. */
function fits(values, value) {
  return values.includes(value) || (!values.includes(`!${value}`) && values.every((one) => one.startsWith("!")));
}
