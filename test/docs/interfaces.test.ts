/** docs/interfaces.md and its Chinese twin against the catalogue that is in force, and against each other. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authSchema, platformSchema } from "../../shared/proxy/catalogue/catalogue";
import { INTERFACE_ERROR_KINDS } from "../../shared/proxy/error";
import { camelCase } from "../../shared/proxy/names";
import { catalogue } from "../../shared/proxy/platforms/index";

const DOCS = ["docs/interfaces.md", "docs/interfaces.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part = ""]) => part);
const platforms = catalogue.map((platform) => platformSchema.parse(platform));
const AUTH_KINDS = authSchema.options.map((option) => [...option.shape.kind.values][0] as string);

describe.each(DOCS)("%s", (file) => {
  const doc = read(file);
  const rows = found(doc, /^\| `([^`]+)`/gm);

  it("has a row for every kind of error, every kind of authentication and every platform", () => {
    const names = [...INTERFACE_ERROR_KINDS, ...AUTH_KINDS, ...platforms.map((platform) => platform.platform_key)];
    expect(names.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it("has an example of every kind of authentication that the catalogue takes", () => {
    const examples = found(doc, /^auth: \{\s*kind: "(\w+)"/gm);
    expect(examples).toEqual(AUTH_KINDS);
  });

  it("names the secrets and variables of every platform, and the interfaces of the messengers", () => {
    const instances = platforms.flatMap((platform) => platform.instances);
    const names = instances.flatMap(({ secrets, variables }) => [
      ...Object.values(secrets),
      ...Object.values(variables),
    ]);
    expect(names.filter((name) => !rows.includes(name))).toEqual([]);
    const messengers = platforms.filter(({ platform_key: key }) => ["qywx", "feishu", "dingtalk"].includes(key));
    for (const { interfaces } of messengers) {
      for (const [key, { args }] of Object.entries(interfaces)) {
        expect(doc).toContain(`${camelCase(key)}(${args.map((argument) => argument.name).join(", ")})`);
      }
    }
  });

  it("has a row for every member of a platform that can be set, with its default", () => {
    const shape = Object.keys(platformSchema.shape).filter(
      (name) => !["title", "instances", "interfaces"].includes(name),
    );
    expect(shape.filter((name) => !rows.includes(name))).toEqual([]);
    const [first] = platforms;
    const defaults = [first?.timeoutMs, first?.attemptTimeoutMs, first?.maxAnswerBytes, first?.retry.tries];
    for (const value of defaults) expect(doc).toMatch(new RegExp(`^\\| .*(default|默认) ${value} \\|$`, "m"));
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm]) {
    expect(found(chinese, pattern)).toEqual(found(english, pattern));
  }
});
