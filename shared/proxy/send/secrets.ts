/** Takes secrets out of texts, in every form in which they travel: plain, URL-encoded, base64, escaped by JSON. */
import type { ResolvedInstance } from "../call";

const MASK = "***";
/** Shorter pieces of base64 and the like occur in any text by chance. */
const MIN_FORM = 6;

export type Masker = (text: string) => string;

const maskers = new WeakMap<ResolvedInstance, Masker>();

/** @param more secrets that are not of the environment: a fetched token */
export function maskedBy(instance: ResolvedInstance, more: readonly string[] = []): Masker {
  if (more.length > 0) return maskerOf([...Object.values(instance.secrets), ...more]);
  const known = maskers.get(instance) ?? maskerOf(Object.values(instance.secrets));
  maskers.set(instance, known);
  return known;
}

export function maskerOf(secrets: readonly string[]): Masker {
  const forms = new Set(secrets.filter((secret) => secret !== "").flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // The longest first, so that no end of a longer form is left over.
  const sorted = [...forms].sort((first, second) => second.length - first.length);
  const pattern = new RegExp(sorted.map((form) => form.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(pattern, MASK);
}

/** A code is a number or a short word, shown without secrets; anything longer could be what somebody typed. */
export function shownCode(code: string | number | undefined, masked: Masker): string | number | undefined {
  if (typeof code !== "string") return code;
  return /^[\w.:-]{1,80}$/.test(code) ? masked(code) : undefined;
}

function formsOf(secret: string): string[] {
  // OAuth 2.0 form-encodes id and secret before they become a Basic header.
  const encoded = [...new Set([secret, formForm(secret)])].flatMap(base64Forms);
  const derived = [...urlForms(secret), ...jsonForms(secret), ...encoded];
  return [secret, ...derived.filter((form) => form.length >= Math.min(MIN_FORM, secret.length + 1))];
}

/** Of encodeURIComponent, of RFC 3986, and of forms; with digits of either case. */
function urlForms(secret: string): string[] {
  // A lone half of a character cannot be encoded.
  const component = encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, "\ufffd"));
  const strict = component.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return [component, strict, formForm(secret)].flatMap((text) => [
    text,
    text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  ]);
}

function formForm(secret: string): string {
  return new URLSearchParams([["", secret]]).toString().slice(1);
}

/** Once, twice (JSON within JSON), and with everything that is not ASCII as `\u…`. */
function jsonForms(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const ascii = once.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [once, ascii, JSON.stringify(once).slice(1, -1), once.replace(/\//g, "\\/")];
}

/** Whole, and at each of the three places where it can begin in a longer text, as in `Basic base64(user:password)`. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const inside = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // Characters that hold bits of what stands before or behind are not of the secret alone.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const forms = [bytes.toString("base64"), ...inside].filter((form) => form.length >= MIN_FORM);
  return forms.flatMap((form) => [
    form,
    encodeURIComponent(form),
    toUrlAlphabet(form),
    toUrlAlphabet(form).replace(/=+$/, ""),
  ]);
}

function toUrlAlphabet(base64: string): string {
  return base64.replace(/\+/g, "-").replace(/\//g, "_");
}
