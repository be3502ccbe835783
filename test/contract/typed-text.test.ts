/** What a user typed is in no failure of any engine, whatever the member is called that it stands in; their own words are. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mappedPlaces, readyPlaces } from "./typed-text/corehr-places";
import { ENGINES, listen, type Refused, type TriedEngine } from "./typed-text/engines";
import { APAAS, apaasUnwired, closeFeishu, corehr, corehrWays, openFeishu } from "./typed-text/feishu";
import { inBatches, KINDS, NAMES, rowsOf, rowsOfKeys, type Typed, WIRE_NAMES } from "./typed-text/names";

beforeAll(async () => {
  listen();
  await openFeishu();
});
afterAll(async () => {
  await closeFeishu();
  vi.restoreAllMocks();
});

/** So many names in one start: more of them take longer to search, fewer to prepare. */
const IN_ONE_START = 5;
const OWN_WORDS = "no variable 165708798187000001 of the type objectList";

/** Where each text was typed that is shown; a refusal for each, in turn by each of the engine's ways. */
async function shownOf(refused: Refused, ways: number, typed: readonly Typed[]): Promise<string[]> {
  const shown: string[] = [];
  for (const [count, { text, at }] of typed.entries()) {
    const way = count % ways;
    const { said, logged } = await refused(`bad value <${text}>`, way);
    if (said.includes(text)) shown.push(`${at}: said (${way})`);
    if (logged.includes(text)) shown.push(`${at}: logged (${way})`);
  }
  return shown;
}

/**
 * Of each name the text of one of its places is repeated, the next name's of the next: one refusal for each, because one that
 * repeats several texts is hidden for any of them.
 * @param inAll whether it is to be every place of every name
 */
async function leaksOf(engine: TriedEngine, names: readonly string[], inAll: boolean): Promise<string[]> {
  const leaks: string[] = [];
  for (const [count, batch] of inBatches(names, IN_ONE_START).entries()) {
    const { places, ...rows } = rowsOf(batch);
    const typed = inAll ? places.flat() : batch.map((_, nth) => places[(count + nth) % places.length]?.[nth] as Typed);
    leaks.push(...(await shownOf(await engine.start(rows), engine.ways, typed)));
  }
  return leaks;
}

/** By which ways the engine's own words are told, and by which they are logged at least. */
async function ownWordsOf(refused: Refused, ways: number) {
  const told: { isSaid: boolean; isLogged: boolean }[] = [];
  for (let way = 0; way < ways; way += 1) {
    const { said, logged } = await refused(OWN_WORDS, way);
    told.push({ isSaid: said.includes(OWN_WORDS), isLogged: logged.includes(OWN_WORDS) });
  }
  return told;
}

const WITHIN = { ...ENGINES, "apaas-flow, without the wire": apaasUnwired };
const FREE = { ...WITHIN, "apaas-flow, its variables": APAAS.mapped, "apaas-flow, ready params": APAAS.ready };

it("every engine is here: shared/ exports no other one", () => {
  const tried = new Set([...Object.keys(FREE).map((name) => name.split(",")[0]), "corehr-process"]);
  expect([...tried].sort()).toEqual([...KINDS].sort());
  expect(NAMES.length).toBeGreaterThan(2_000);
  expect(WIRE_NAMES).toEqual(expect.arrayContaining(["name", "paramCode", "variable_api_name", "wk_api_name"]));
});

it.each(Object.entries(WITHIN))(
  "what was typed is told by nothing of %s, under any name that there is",
  async (_, engine) => {
    expect(await leaksOf(engine, NAMES, false)).toEqual([]);
    expect(await leaksOf(engine, WIRE_NAMES, true)).toEqual([]);
  },
);

describe.each(Object.entries(FREE))("what was typed into a start of %s", (_, engine) => {
  it("is told by nothing, under the names of the engines' own members", async () => {
    expect(await leaksOf(engine, WIRE_NAMES, false)).toEqual([]);
  });

  it("is told by nothing, where it is a key", async () => {
    const { typed, ...rows } = rowsOfKeys();
    expect(await shownOf(await engine.start(rows), engine.ways, typed)).toEqual([]);
  });

  it("does not keep from anybody what the engine says in its own words", async () => {
    const { first, rest } = rowsOf(["name", "paramCode"]);
    const told = await ownWordsOf(await engine.start({ first, rest }), engine.ways);
    expect(told.some(({ isSaid }) => isSaid)).toBe(true);
    expect(told.filter(({ isSaid, isLogged }) => !isSaid && !isLogged)).toEqual([]);
  });
});

describe("what was typed into a start of corehr-process", () => {
  const ready = (item: unknown, variables?: readonly string[]) => [
    { name: "ready", value: [item], entry: { kind: "flowData" as const, ...(variables && { variables }) } },
  ];

  it("is told by nothing, in a field of any kind", async () => {
    const { fields, typed } = mappedPlaces();
    expect(await shownOf(await corehr(fields), corehrWays, typed)).toEqual([]);
  });

  it("is told by nothing, in any member of a ready item, also beside a variable that the method declares", async () => {
    for (const declared of [undefined, ["custom0"]]) {
      const { item, typed } = readyPlaces(declared);
      expect(typed.length).toBeGreaterThan(25);
      expect(await shownOf(await corehr(ready(item, declared)), corehrWays, typed)).toEqual([]);
    }
  });

  it("hides the name of a variable that no method declares, and shows one that is declared, or was not typed", async () => {
    const words = "param error: flow_data[0].variable_api_name: custom0 is not a variable of the flow";
    const record = { variable_value: { record_values: [{ variable_api_name: "custom0" }] } };
    const item = { variable_api_name: "custom0", ...record };
    const saidOf = async (one: object, variables?: string[]) =>
      (await (await corehr(ready(one, variables)))(words, 0)).said;
    expect(await saidOf(item, ["custom0"])).toContain(words);
    expect(await saidOf({ variable_api_name: "custom1" })).toContain(words);
    for (const one of [item, record, { variable_api_name: "custom0" }]) expect(await saidOf(one)).not.toContain(words);
    const typed = { ...item, variable_value: { text_value: "custom0" } };
    expect(await saidOf(typed, ["custom0"])).not.toContain(words);
  });

  it("does not keep from anybody what the engine says in its own words", async () => {
    const { fields } = mappedPlaces();
    const told = await ownWordsOf(await corehr(fields), corehrWays);
    expect(told).toEqual(told.map(() => ({ isSaid: true, isLogged: true })));
  });
});
