/**
 * Loaded into the CloudBase CLI by `--require`: what V8 made of its one file of 32 MB is kept in node_modules/.cache, which
 * halves the work of the next start. Where it cannot be kept, or is of another file or Node.js, the start is as it was.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, sep } = require("node:path");
const { Script, constants } = require("node:vm");

const CLI = sep + join("@cloudbase", "cli", "dist", "standalone", "cli.js");
const DIGEST_BYTES = 32;
const compile = Module.prototype._compile;

Module.prototype._compile = function compileOrTake(source, file, ...others) {
  if (!file.endsWith(CLI)) return compile.call(this, source, file, ...others);
  Module.prototype._compile = compile;
  const kept = keptOf(file);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(Module.wrap(source), { filename: file, cachedData: kept.read(), importModuleDynamically });
  // At the end, so that it has what was compiled on the way, too.
  if (script.cachedDataRejected !== false) process.once("exit", () => kept.write(script));
  const run = script.runInThisContext();
  return run.call(this.exports, this.exports, Module.createRequire(file), this, file, dirname(file));
};

function keptOf(cli) {
  const file = join(cli.slice(0, -CLI.length), ".cache", "startflow", "cloudbase-cli.bin");
  // V8 itself tells two files apart by their length alone.
  const { size, mtimeMs } = statSync(cli);
  const made = `${size} ${mtimeMs} ${process.version} ${process.arch}`;
  const digest = (data) => createHash("sha256").update(made).update(data).digest();
  return {
    read() {
      try {
        const all = readFileSync(file);
        const data = all.subarray(DIGEST_BYTES);
        return digest(data).equals(all.subarray(0, DIGEST_BYTES)) ? data : undefined;
      } catch {
        return undefined;
      }
    },
    write(script) {
      try {
        const data = script.createCachedData();
        const part = `${file}.${process.pid}`;
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(part, Buffer.concat([digest(data), data]));
        renameSync(part, file);
      } catch {
        // A folder that nobody may write to.
      }
    },
  };
}
