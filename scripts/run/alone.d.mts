/** What alone.mjs gives to TypeScript. */
export function alone<Result>(
  lock: string,
  task: (alsoRuns: (pid: number) => void) => Result | Promise<Result>,
  onWait?: (pid: string) => void,
): Promise<Result>;
