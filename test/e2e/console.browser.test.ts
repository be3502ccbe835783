/** The console as a person uses it, in a real browser: on a wide screen, on a phone, and with the keyboard alone. */
import { describe } from "vitest";
import { hasChromium } from "../helpers/built";
import { apiRunTests, eachApiTests } from "./console/api-runs";
import { apiTests } from "./console/apis";
import { barrierTests } from "./console/barriers";
import { feishuTests } from "./console/feishu";
import { keyboardTests } from "./console/keyboard";
import { methodTests } from "./console/methods";
import { restartTests } from "./console/restart";
import { openDesk } from "./desk";

/** One file, because a browser, a platform and the first call of each function cost more than all that is tested with them. */
describe.skipIf(!hasChromium)("the console", () => {
  const desk = openDesk();
  describe("with a method", () => methodTests(desk));
  describe("with the methods of Feishu", () => feishuTests(desk));
  describe("with sync APIs", () => apiTests(desk));
  describe("with a run of a sync API", () => apiRunTests(desk));
  describe("with each sync API", () => eachApiTests(desk));
  describe("with the keyboard alone", () => keyboardTests(desk));
  describe("for everybody", () => barrierTests(desk));
  // The last, because the functions have to be started again as well.
  describe("after a kill", () => restartTests(desk));
});
