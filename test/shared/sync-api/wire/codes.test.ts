/** The one table of refusals and of ends: each row is whole, and says the same in its status, its code and its words. */
import { describe, expect, it } from "vitest";
import { REFUSALS, type RefusalKind, RUN_CODES, type RunState } from "../../../../shared/sync-api/wire/codes";

const kinds = Object.keys(REFUSALS) as RefusalKind[];
const states = Object.keys(RUN_CODES) as RunState[];

describe("a refusal", () => {
  it.each(kinds)("%s has words in Chinese and English, which end without a full stop", (kind) => {
    const { zh, en } = REFUSALS[kind];
    expect(zh).toMatch(/[\u4e00-\u9fff].*[^。.]$/);
    expect(en).toMatch(/^[\x20-\x7e]*[^.]$/);
  });

  it.each(kinds)("%s has a status that says whose fault it is, as its code does", (kind) => {
    const { code, status } = REFUSALS[kind];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(code).toMatch(status < 500 ? /^requestError\.[a-z][A-Za-z]+$/ : /^serverError\.[a-z][A-Za-z]+$/);
  });

  it("says what nobody else says", () => {
    const texts = kinds.map((kind) => REFUSALS[kind].en);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("of what the caller is has one code for what is missing, and another for what is wrong", () => {
    const codesOf = (list: RefusalKind[]) => new Set(list.map((kind) => REFUSALS[kind].code));
    expect(codesOf(["tokenRequired", "loginRequired", "signatureRequired"])).toEqual(
      new Set(["requestError.invalidParams"]),
    );
    expect(codesOf(["tokenWrong", "loginWrong", "signatureWrong"])).toEqual(new Set(["requestError.unauthorized"]));
  });

  it.each([
    ["invalidParams", 400],
    ["unreadable", 400],
    ["tokenRequired", 401],
    ["loginWrong", 401],
    ["addressRefused", 403],
    ["notEnabled", 403],
    ["notFound", 404],
    ["methodNotAllowed", 405],
    ["inProgress", 409],
    ["payloadTooLarge", 413],
    ["unsupportedMediaType", 415],
    ["keyReused", 422],
    ["lockedOut", 429],
    ["rateLimited", 429],
    ["notConfigured", 500],
    ["unavailable", 503],
  ] as const)("%s is answered with %i", (kind, status) => expect(REFUSALS[kind].status).toBe(status));
});

describe("a run", () => {
  it("has the code 0 where nothing went wrong, and only there", () => {
    expect(states.filter((state) => RUN_CODES[state].code === 0)).toEqual(["succeeded"]);
  });

  it.each([
    ["succeeded", 0, 200],
    ["failed", 1001, 500],
    ["running", 1002, 504],
    ["queued", 1002, 504],
    ["waiting", 1003, 202],
    ["cancelled", 1004, 409],
    ["unknown", 1005, 502],
    ["declined", 1006, 200],
  ] as const)("that is %s has the code %i and the status %i", (state, code, status) =>
    expect(RUN_CODES[state]).toMatchObject({ code, status }),
  );

  it.each(states.filter((state) => state !== "succeeded"))("that is %s is told in Chinese and English", (state) => {
    expect(RUN_CODES[state].zh).toMatch(/[\u4e00-\u9fff]/);
    expect(RUN_CODES[state].en).toMatch(/^[\x20-\x7e]+$/);
  });

  it("that succeeded has no message, as the published page prints it", () => {
    expect(RUN_CODES.succeeded).toMatchObject({ zh: "", en: "" });
  });
});
