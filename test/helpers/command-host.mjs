/** Runs built commands one after the other, each as in a process of its own: its modules, arguments, folder, variables and input. */
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

let printed = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"]) {
  process[name].write = (chunk, ...more) => {
    printed[name] += chunk;
    more.find((one) => typeof one === "function")?.();
    return true;
  };
}

let calls = 0;
process.on("message", async ({ file, args, cwd, env, input }) => {
  printed = { stdout: "", stderr: "" };
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, file, ...args];
  process.exitCode = undefined;
  Object.defineProperty(process, "stdin", { value: Readable.from([input]), configurable: true });
  calls += 1;
  const before = process.cpuUsage();
  try {
    // A new address is a new module: what the command remembers is gone with the next call. Packages are loaded once.
    await import(`${pathToFileURL(file)}?call=${calls}`);
  } catch (error) {
    printed.stderr += `${error?.stack ?? error}\n`;
    process.exitCode = 1;
  }
  const exitCode = process.exitCode ?? 0;
  process.exitCode = undefined;
  const { user, system } = process.cpuUsage(before);
  process.send({ result: { exitCode, ...printed }, cpuMs: (user + system) / 1_000 });
});
process.on("disconnect", () => process.exit());
