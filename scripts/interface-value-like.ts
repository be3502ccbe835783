/** What of a request looks like a name, and what like a value that stands where a name does: a key, an id, a person. */
import type { Notes } from "./interface-draft";

/** A word stays in the path; a number, an id or a key becomes an argument. */
export const WORD =
  /^(v\d+(\.\d+)*|[a-z]{1,20}([._-][a-z]{1,20}){0,5}\d{0,2}|[a-z]{1,12}([A-Z][a-z]{1,15}){0,4}\d{0,2}|[\p{Lo}]{1,20})$/u;

/** Letters and digits, as long as keys are. */
const KEY = /^(?=.*\d)(?=.*[a-z]).{16,}$/is;

/** `?eyJhbGci…`, or `Y2FuYXJ5…==` as a whole body: what has no value, and is no word, is the value itself. */
export function isBareValue(name: string, value: string): boolean {
  return /^=*$/.test(value) && KEY.test(name) && !WORD.test(name);
}

/** Of an object whose members are told apart by numbers or addresses of people. */
export function isDataKey(key: string): boolean {
  return /^\d{7,}$|@/.test(key);
}

/** It may be a secret: then it is not told either. */
export function leftOut(value: string, what: string, notes: Notes): void {
  notes.secret(value);
  notes.say(`${what} is left out: it may be a secret`);
}

/** Digits may come as a number. */
export const textSchema = (value: string) =>
  /^-?\d+(\.\d+)?$/.test(value) ? "z.union([z.string(), z.number()])" : "z.string()";
