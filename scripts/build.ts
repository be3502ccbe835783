/** `npm run build`: functions, paste files, the local platform and its page, then the sizes. */
import { build } from "./build-all";

try {
  const rows = await build();
  for (const { file, bytes, limitBytes } of rows) {
    console.log(`${file.padEnd(44)} ${String(bytes).padStart(9)} B  of at most ${limitBytes}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
