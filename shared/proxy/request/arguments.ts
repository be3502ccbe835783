/** Declared arguments: where each goes, and whether its schema takes it. */

import { safeWords } from "../../base/safe-words";
import { fieldIssues } from "../../form/issues";
import type { CompiledArgument, CompiledInterface } from "../catalogue/compiled";
import { copied, type Draft, EMPTY_DRAFT } from "../draft";
import { configProblem, paramProblem, type Where } from "../problem";
import { emptyObject, putAt } from "./data";

/** The arguments of a direct call, each in its place, still unchecked. @throws InterfaceError param where there are too many */
export function draftOf(where: Where, { args }: CompiledInterface, values: readonly unknown[]): Draft {
  if (values.length > args.length) {
    const names = args.map((argument) => argument.name);
    throw paramProblem(
      where,
      `最多 ${args.length} 个参数${args.length === 0 ? "" : `（${names.join("、")}）`}，却给了 ${values.length} 个。`,
      `it takes at most ${args.length} arguments${args.length === 0 ? "" : ` (${names.join(", ")})`}, but got ${values.length}.`,
    );
  }
  const places = { path: new Map(), query: new Map(), header: new Map<string, unknown>() };
  let body: unknown;
  args.slice(0, values.length).forEach((argument, at) => {
    const value = copied(where, argument.name, values[at]);
    if (value === undefined) return;
    if (argument.in !== "body") places[argument.in].set(argument.wire, value);
    else if (argument.bodyPath.length === 0) body = value;
    else {
      body ??= emptyObject();
      putAt(body as Record<string, unknown>, argument.bodyPath, value);
    }
  });
  return { ...EMPTY_DRAFT, ...places, body };
}

const MAX_TOLD = 3;

/** @returns what its schema makes of it; `undefined` where it is left out. @throws InterfaceError param, without the value */
export function checkedValue(where: Where, argument: CompiledArgument, value: unknown): unknown {
  const given = value === undefined ? argument.default : value;
  const parsed = parsedBy(where, argument, given);
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map((issue) => ({ ...issue, path: [argument.name, ...issue.path] }));
  const told = fieldIssues(found, { [argument.name]: given }, argument.labels).slice(0, MAX_TOLD);
  throw paramProblem(
    where,
    `参数「${argument.name}」不对：${told.map((issue) => issue.message.zh).join("")}`,
    `the argument "${argument.name}" is wrong: ${told.map((issue) => issue.message.en).join(" ")}`,
  );
}

function parsedBy(where: Where, { name, schema }: CompiledArgument, value: unknown) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    throw configProblem(
      where,
      `参数「${name}」的 schema 自己出错了，什么也没有发送。`,
      `the schema of the argument "${name}" failed by itself, so nothing was sent.`,
      // Without what was typed, which it may repeat.
      new Error(safeWords(error instanceof Error ? error.message : String(error), value)),
    );
  }
}
