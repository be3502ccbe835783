/** esbuild, which shows each message once: the same source is in many of our files, and a slip in it fails them all. */
import * as esbuild from "esbuild";

const shown = new Set<string>();

async function buildAndShow(options: esbuild.BuildOptions): Promise<esbuild.BuildResult> {
  try {
    const result = await esbuild.build({ ...options, logLevel: "silent" });
    await show("warning", result.warnings);
    return result;
  } catch (error) {
    await show("error", (error as Partial<esbuild.BuildFailure>).errors ?? []);
    throw error;
  }
}

async function show(kind: "warning" | "error", messages: esbuild.Message[]): Promise<void> {
  for (const text of await esbuild.formatMessages(messages, { kind, color: process.stderr.isTTY === true })) {
    if (!shown.has(text)) console.error(text.trimEnd());
    shown.add(text);
  }
}

export const build = buildAndShow as typeof esbuild.build;
