/** `npm run release` in copies of this project that have a git repository of their own. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Bundled } from "../../scripts/bundled";
import { licencesPage } from "../../scripts/release/licences";
import { tarball } from "../../scripts/release/tar";
import { temporaryFolder } from "../helpers/platform";
import { runCommand } from "../helpers/project";

const IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
const gitIn = (cwd: string, ...args: string[]) =>
  execFileSync("git", [...IDENTITY, ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const folders: string[] = [];
function newFolder(): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** This tree as it is now, committed. */
function copyOfProject(): string {
  const folder = newFolder();
  const left = [".git", "node_modules", "dist", ".startflow"];
  for (const name of readdirSync(".").filter((entry) => !left.includes(entry))) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  gitIn(folder, "init", "--quiet");
  writeFileSync(join(folder, ".git", "info", "exclude"), "node_modules\n");
  return folder;
}

/** With this heading in CHANGELOG.md. */
function commit(folder: string, heading: string): void {
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  writeFileSync(join(folder, "CHANGELOG.md"), changelog.replace(/^## .*$/m, heading));
  gitIn(folder, "add", "--all");
  gitIn(folder, "commit", "--quiet", "--message", "as it is");
}

function release(cwd: string, args: string[], env: Record<string, string> = {}) {
  const { HOME = "" } = process.env;
  const committer = {
    GIT_AUTHOR_NAME: "T",
    GIT_AUTHOR_EMAIL: "t@x",
    GIT_COMMITTER_NAME: "T",
    GIT_COMMITTER_EMAIL: "t@x",
  };
  return runCommand(join("scripts", "run.mjs"), ["release", ...args], { cwd, env: { HOME, ...committer, ...env } });
}

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const TARBALL = join("dist", "release", `startflow-${version}.tgz`);

describe("npm run release", () => {
  let dated: string;
  let undated: string;

  it("packs, prints the hash, and tags the version, once", async () => {
    dated = copyOfProject();
    commit(dated, `## ${version} (2026-12-01)`);
    const done = await release(dated, []);
    expect(done).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringContaining(`tagged v${version}`) });
    const hash = createHash("sha256")
      .update(readFileSync(join(dated, TARBALL)))
      .digest("hex");
    expect(done.stdout).toContain(`sha256  ${hash}`);
    expect(gitIn(dated, "tag").trim()).toBe(`v${version}`);
    expect(await release(dated, [])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("a tag") });
  });

  it("gives the same bytes for the same tree in another folder, and tags nothing when it is dry", async () => {
    undated = copyOfProject();
    commit(undated, `## ${version} (unreleased)`);
    const bytes = readFileSync(join(dated, TARBALL));
    const dry = await release(undated, ["--dry-run"]);
    expect(dry).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringContaining("nothing was tagged") });
    expect(dry.stdout).toContain(`sha256  ${createHash("sha256").update(bytes).digest("hex")}`);
    expect(readFileSync(join(undated, TARBALL)).equals(bytes)).toBe(true);
    expect(gitIn(undated, "tag")).toBe("");
  });

  it("packs what is deployed and pasted, the docs and the licences, and nothing else", () => {
    const unpacked = newFolder();
    execFileSync("tar", ["-xzf", join(dated, TARBALL), "-C", unpacked]);
    const root = join(unpacked, `startflow-${version}`);
    expect(readdirSync(unpacked)).toEqual([`startflow-${version}`]);
    expect(readdirSync(root).sort()).toEqual(
      ["LICENSE", "LICENSES.md", "NOTICE", "README.md", "cloudbaserc.json", "dist", "docs"].sort(),
    );
    expect(readdirSync(join(root, "dist")).sort()).toEqual(["functions", "paste"]);
    expect(readdirSync(join(root, "docs")).sort()).toEqual(readdirSync("docs").sort());
    const built = join("dist", "functions", "sync-api");
    for (const file of readdirSync(built)) {
      expect(readFileSync(join(root, built, file)).equals(readFileSync(join(dated, built, file)))).toBe(true);
    }
    expect(readFileSync(join(root, "LICENSES.md"), "utf8")).toContain("## zod ");
  });

  it("refuses what is not committed, and settings that would get into the paste files", async () => {
    expect(await release(undated, ["--dry-run"], { STARTFLOW_EXTRA_USER_ID: "1" })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("unset STARTFLOW_EXTRA_USER_ID"),
    });
    writeFileSync(join(undated, "left-behind.txt"), "");
    expect(await release(undated, ["--dry-run"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("left-behind.txt"),
    });
    gitIn(undated, "clean", "--quiet", "--force", "left-behind.txt");
  });

  it("refuses a version that CHANGELOG.md does not know, or still calls unreleased when it is to be tagged", async () => {
    expect(await release(undated, [])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("unreleased") });
    commit(undated, "## 9.9.9");
    const unknown = { exitCode: 1, stderr: expect.stringContaining(`no section "## ${version}"`) };
    expect(await release(undated, ["--dry-run"])).toMatchObject(unknown);
  });
});

describe("the tarball", () => {
  const files = [
    { path: "b/second.txt", bytes: Buffer.from("二") },
    { path: "a.bin", bytes: Buffer.alloc(1_024, 7) },
    { path: "b/empty", bytes: Buffer.alloc(0) },
  ];

  it("is read by tar, with every byte, one owner and one time", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "x.tgz"), tarball(files));
    execFileSync("tar", ["-xzf", "x.tgz"], { cwd: folder });
    for (const { path, bytes } of files) expect(readFileSync(join(folder, path)).equals(bytes)).toBe(true);
    const options = ["--list", "--verbose", "--utc", "--numeric-owner", "-zf", "x.tgz"];
    const list = execFileSync("tar", options, { cwd: folder, encoding: "utf8" }).trim().split("\n");
    expect(list.map((line) => line.replace(/ +/g, " "))).toEqual([
      "-rw-r--r-- 0/0 1024 1985-10-26 08:15 a.bin",
      "-rw-r--r-- 0/0 0 1985-10-26 08:15 b/empty",
      "-rw-r--r-- 0/0 3 1985-10-26 08:15 b/second.txt",
    ]);
  });

  it("is the same for the same files in another order", () => {
    expect(tarball([...files].reverse()).equals(tarball(files))).toBe(true);
  });

  it("refuses a path that its format cannot hold", () => {
    expect(() => tarball([{ path: "x".repeat(101), bytes: Buffer.alloc(0) }])).toThrow("no path for a tarball");
    expect(() => tarball([{ path: "合同.txt", bytes: Buffer.alloc(0) }])).toThrow("no path for a tarball");
  });
});

describe("LICENSES.md", () => {
  const bundled = JSON.parse(readFileSync(join("dist", "bundled.json"), "utf8")) as Bundled;
  const page = licencesPage(bundled);

  it("has each bundled package once, with the text of its licence where the package has one", () => {
    const packages = Object.values(bundled).flat();
    expect(packages.length).toBeGreaterThan(10);
    for (const { name, version: bundledVersion, folder } of packages) {
      expect(page.split(`\n## ${name} ${bundledVersion}\n`)).toHaveLength(2);
      const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry));
      if (file !== undefined) expect(page).toContain(readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/)[0]);
    }
  });

  it("has none of what is left out of the SDK, and says where a package states nothing", () => {
    expect(page).not.toMatch(/## (axios|form-data|mime-db|jsonwebtoken|xml2js|@cloudbase\/ai) /);
    expect(page).toContain("| @cloudbase/signature-nodejs | 2.2.0 | none stated | cloudbase.js |");
  });
});
