/** The local platform's process: options, start, a clean stop. */
import { HELP, readOptions } from "./options";
import { startPlatform } from "./platform";

export async function main(args: string[]): Promise<void> {
  if (args.includes("--help")) return console.log(HELP);
  const options = readOptions(args, process.env);
  const platform = await startPlatform({ ...options, distDir: "dist", configFile: "cloudbaserc.json" });
  console.log(`startflow: ${platform.url}  (state in ${options.data}; stop with Ctrl-C)`);
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void platform.stop().then(() => process.exit(0));
    });
  }
}
