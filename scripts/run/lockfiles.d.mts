/** What lockfiles.mjs gives to TypeScript. */
type Packages = Record<string, object>;

export function differenceOf(
  lock: Packages,
  installed: Packages,
  machine: { platform: string; arch: string },
): string | undefined;
