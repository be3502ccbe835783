/** What is typed after `npm start`, and the line that answers what is typed wrongly. */
import { describe, expect, it } from "vitest";
import { readOptions } from "../../local/options";

const wordsOf = (args: string[], environment: NodeJS.ProcessEnv = {}) => {
  try {
    return JSON.stringify(readOptions(args, environment));
  } catch (error) {
    return (error as Error).message;
  }
};

describe("npm start", () => {
  it("takes its options from the command line, else from the environment, else its own", () => {
    expect(readOptions([], {})).toEqual({ port: 4000, data: ".startflow" });
    expect(readOptions([], { PORT: "4100", STARTFLOW_DATA: "here" })).toEqual({ port: 4100, data: "here" });
    expect(readOptions(["--port", "0", "--data=there"], { PORT: "x", STARTFLOW_DATA: "here" })).toEqual({
      port: 0,
      data: "there",
    });
    expect(readOptions([], { PORT: "" })).toEqual({ port: 4000, data: ".startflow" });
  });

  const example = "npm start -- --port 4001 --data .startflow-4001";
  it.each([
    [["--port", "abc"], '--port takes a whole number from 0 to 65535, not "abc"'],
    [["--port", "65536"], '--port takes a whole number from 0 to 65535, not "65536"'],
    [["--port=-1"], '--port takes a whole number from 0 to 65535, not "-1"'],
    [["--port"], `--port takes a whole number from 0 to 65535: ${example}`],
    [["--port", "--data", "x"], `--port takes a whole number from 0 to 65535: ${example}`],
    [["--data"], `--data takes the path of a folder: ${example}`],
    [["--prot", "1"], `there is no option --prot: there are --port and --data, as in ${example}`],
    [["-p", "1"], `there is no option -p: there are --port and --data, as in ${example}`],
    [["4999"], `npm start takes no "4999": its options are --port and --data, as in ${example}`],
  ])("%j is answered in a line", (args, words) => {
    expect(wordsOf(args)).toBe(words);
  });

  it("names the variable that is wrong", () => {
    expect(wordsOf([], { PORT: "abc" })).toBe('PORT takes a whole number from 0 to 65535, not "abc"');
  });

  it.each([
    [["4999"], { npm_config_port: "true" }, "--port to itself: npm start -- --port 4999"],
    [[], { npm_config_port: "4999" }, "--port to itself: npm start -- --port 4999"],
    [[], { npm_config_port: "true" }, "--port to itself: npm start -- --port 4001"],
    [
      ["/tmp/x", "4999"],
      { npm_config_port: "true", npm_config_data: "true" },
      "--port and --data to itself: npm start -- --port 4999 --data /tmp/x",
    ],
  ])("says what was meant without the dashes: %j, %j", (args, environment, words) => {
    expect(wordsOf(args, environment)).toBe(`npm has kept ${words}`);
  });
});
