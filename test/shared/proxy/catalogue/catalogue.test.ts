/** Mistakes in a catalogue: each is told when it is loaded, with platform and member, in both languages. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createProxy } from "../../../../shared/proxy/client";
import { InterfaceError } from "../../../../shared/proxy/error";

const get = { method: "GET", path: "/a" };
const post = { method: "POST", path: "/a" };
const one = { instance_key: "main", baseUrl: "https://crm.example.com" };
const arg = (name: string, place: string, more: object = {}) => ({ name, in: place, schema: z.string(), ...more });

function platform(changes: object): unknown {
  const title = { zh: "客户", en: "CRM" };
  return { platform_key: "crm", title, instances: [one], interfaces: { a: get }, ...changes };
}

function failureOf(...catalogue: unknown[]): InterfaceError {
  try {
    createProxy(catalogue as never);
  } catch (error) {
    if (error instanceof InterfaceError) return error;
    throw error;
  }
  throw new Error("the catalogue was taken");
}

const two = [one, { ...one, instance_key: "second" }];
const basic = { kind: "basic", user: "user", password: "password" };
const inHeader = { kind: "apiKey", key: "k", place: { in: "header", name: "X-Key" } };
const oddHeader = { kind: "apiKey", key: "k", place: { in: "header", name: "X Key" } };
const inQuery = { kind: "apiKey", key: "k", place: { in: "query", name: "key" } };
const withKey = { ...one, secrets: { k: "CRM_K" } };
const slow = z.string().refine(async () => true);

describe("a catalogue", () => {
  it("that is right is taken", () => {
    expect(() => createProxy([platform({}) as never])).not.toThrow();
  });

  it.each<[string, object, RegExp]>([
    ["a member that there is not", { base_url: "https://a" }, /member .* is wrong/],
    [
      "a base URL with a user",
      { instances: [{ ...one, baseUrl: "https://u:p@h" }] },
      /instances\.0\.baseUrl .*https:\/\/host/,
    ],
    [
      "a secret in place of a variable's name",
      { instances: [{ ...one, secrets: { k: "s3cret" } }] },
      /secrets\.k .*never the secret/,
    ],
    ["a path with a query", { interfaces: { a: { ...get, path: "/a?b=1" } } }, /interfaces\.a\.path .*begins with \//],
    ["a name that is none", { interfaces: { "a-b": get } }, /interfaces\.a-b .*letters of any script/],
    ["two instances of one key", { instances: [one, one] }, /two instances have the instance_key main/],
    ["no default among two instances", { instances: two }, /2 instances, 0 are the default/],
    [
      "two defaults",
      { instances: two.map((each) => ({ ...each, isDefault: true })) },
      /2 instances, 2 are the default/,
    ],
    ["an instance without address", { instances: [{ instance_key: "main" }] }, /the instance main has no address/],
    ["a secret that no instance names", { auth: basic }, /names no secret user/],
    ["two spellings of one name", { interfaces: { get_a: get, getA: get } }, /get_a is also called by the name getA/],
    ["a reserved name", { interfaces: { toJSON: get } }, /toJSON is reserved/],
    [
      "an argument without place",
      { interfaces: { a: { ...get, args: [arg("id", "path")] } } },
      /"id": its path has no \{id\}/,
    ],
    [
      "a place that nothing fills",
      { interfaces: { a: { ...get, path: "/{id}" } } },
      /nothing fills in \{id\}.*instance main/,
    ],
    ["a text that nothing fills", { headers: { "X-Corp": "{corp}" } }, /nothing fills in \{corp\}/],
    [
      "an argument twice",
      { interfaces: { a: { ...get, args: [arg("b", "query"), arg("b", "header")] } } },
      /"b": its name is used twice/,
    ],
    [
      "two in one place",
      { interfaces: { a: { ...get, args: [arg("b", "query"), arg("c", "query", { as: "b" })] } } },
      /"c": "b" has the same place/,
    ],
    [
      "one in another",
      { interfaces: { a: { ...post, args: [arg("b", "body"), arg("c", "body", { as: "b.c" })] } } },
      /"c": "b" has the same place/,
    ],
    [
      "beside the whole body",
      { interfaces: { a: { ...post, args: [arg("b", "body", { as: "" }), arg("c", "body")] } } },
      /"c": "b" has the same place/,
    ],
    [
      "a header of the connection",
      { interfaces: { a: { ...get, args: [arg("b", "header", { as: "Host" })] } } },
      /"b": the header host is set by/,
    ],
    [
      "a header of the authentication",
      { auth: inHeader, instances: [withKey], headers: { "x-key": "1" } },
      /x-key is filled in by/,
    ],
    [
      "a header that cannot be sent",
      { auth: oddHeader, instances: [withKey] },
      /its auth: a header's name has letters/,
    ],
    [
      "a query member of it",
      { auth: inQuery, instances: [withKey], interfaces: { a: { ...get, query: { key: 1 } } } },
      /fills in key/,
    ],
    [
      "an argument there",
      { auth: inQuery, instances: [withKey], interfaces: { a: { ...get, args: [arg("key", "query")] } } },
      /fills in key/,
    ],
    ["a body of GET", { interfaces: { a: { ...get, body: {} } } }, /GET has no body/],
    ["a body argument of GET", { interfaces: { a: { ...get, args: [arg("b", "body")] } } }, /"b": GET has no body/],
    ["a content type of GET", { interfaces: { a: { ...get, contentType: "form" } } }, /GET has no body/],
    ["a fixed text", { interfaces: { a: { ...post, contentType: "text", body: {} } } }, /Remove its fixed body/],
    [
      "a default of a wrong type",
      { interfaces: { a: { ...get, args: [arg("b", "query", { default: 1 })] } } },
      /"b": its default does not fit/,
    ],
    [
      "a schema that waits",
      { interfaces: { a: { ...get, args: [arg("b", "query", { schema: slow, default: "x" })] } } },
      /or is asynchronous/,
    ],
    ["dots in a path", { interfaces: { a: { ...get, path: "/a/../b" } } }, /segment 2 of its path/],
    ["encoded dots", { interfaces: { a: { ...get, path: "/%2E%2e/b" } } }, /segment 1 of its path/],
    ["an empty segment", { interfaces: { a: { ...get, path: "//evil.example.com" } } }, /segment 1 of its path/],
    ["a brace that does not close", { interfaces: { a: { ...get, path: "/{id" } } }, /segment 1 of its path/],
  ])("with %s is refused", (_, changes, told) => {
    const failure = failureOf(platform(changes));
    expect(failure).toMatchObject({ kind: "config", platform: "crm" });
    expect(failure.text.en).toMatch(told);
    expect(failure.text.zh).toMatch(/\p{Script=Han}/u);
    expect(failure.message).not.toContain("s3cret");
  });

  it("with two platforms of one key is refused", () => {
    expect(failureOf(platform({}), platform({})).text.en).toContain("crm: two platforms of the catalogue");
  });

  it("that is no list of platforms is refused", () => {
    expect(failureOf(null)).toMatchObject({ kind: "config", platform: "?" });
  });
});
