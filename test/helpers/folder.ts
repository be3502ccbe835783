/** A folder for the state of tests, which does not outlive them. */
import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { temporaryFolder } from "./platform";

/** For all tests of a file, or of a `describe`: called there, and in none of them. */
export function folderForTests(): string {
  const folder = temporaryFolder();
  // Hooks run from the last to the first: whoever writes there has stopped by then. One that was killed may still be writing.
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
