/** The small parts that stand in the deployed SDK, against what they stand for. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { compareNames } from "../../scripts/lean-sdk/compare-names";
import { leftOut } from "../../scripts/lean-sdk/left-out";
import { counted } from "../helpers/counts";

const name = fc.string({ unit: fc.constantFrom(..."abyzABYZ019_-"), maxLength: 6 });
const odd = fc.string({ unit: fc.constantFrom(..."aB-é字 ."), maxLength: 4 });

it("names are in the order of localeCompare, whatever their characters", () => {
  const holds = (left: string, right: string) =>
    Math.sign(compareNames(left, right)) === Math.sign(left.localeCompare(right, "en"));
  fc.assert(fc.property(name, name, holds), { numRuns: counted(100_000) });
  fc.assert(fc.property(odd, odd, holds), { numRuns: counted(20_000) });
});

it("what is left out can be read and awaited, and throws where it is called, made or used as text", async () => {
  const part = leftOut("axios") as { create: { get(): void } } & (new () => object);
  const message = /axios is not in this bundle/;
  expect(() => part.create.get()).toThrow(message);
  expect(() => new part()).toThrow(message);
  expect(() => `${part as unknown as string}`).toThrow(message);
  expect(await part).toBe(part);
});
