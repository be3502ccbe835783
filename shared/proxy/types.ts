/** What TypeScript knows of a catalogue: the names of its interfaces in both spellings, and what each takes. */
import type * as z from "zod";
import type { RawAnswer } from "./call";
import type { PlatformInput } from "./catalogue/catalogue";

/** Keeps the literal types of a platform's names, which `createProxy` infers its methods from. */
export function definePlatform<const P extends PlatformInput>(platform: P): P {
  return platform;
}

/** An answer as its platform words it: nothing of it is certain, so what else a caller relies on he checks. */
export interface InterfaceResult {
  readonly code: number | string;
  readonly message: string;
  readonly data: InterfaceResult;
  readonly [member: string]: unknown;
}

export interface ProxyOptions {
  /** Default: the platform's default instance. */
  instance_key?: string | undefined;
  /** Who calls, for the log. */
  caller?: string | undefined;
}

/** `get_customer_detail` -> `getCustomerDetail`, as `camelCase` of names.ts does it. */
type CamelCase<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

type KeyOf<P extends PlatformInput> = keyof P["interfaces"] & string;
type Name<P extends PlatformInput> = KeyOf<P> | CamelCase<KeyOf<P>>;

interface SomeArgument {
  schema: z.ZodType;
}
type Value<A> = A extends SomeArgument ? z.input<A["schema"]> : unknown;
/** Whether the argument can be left out, in a list of one. */
type Slot<A> = A extends { default: unknown }
  ? [value?: Value<A>]
  : undefined extends Value<A>
    ? [value?: Value<A>]
    : [value: Value<A>];
type Slots<Args> = Args extends readonly [infer First, ...infer Rest]
  ? [...Slot<First>, ...Slots<Rest>]
  : Args extends readonly []
    ? []
    : unknown[];
type ArgumentsOf<I> = I extends { args: infer Args } ? Slots<Args> : [];

/** Calls with the arguments in declared order. */
type DirectCall<I> = (...args: ArgumentsOf<I>) => Promise<InterfaceResult>;

/** A request that is put together step by step: each step gives a new chain, and leaves this one as it is. */
export interface Chain<P extends PlatformInput> {
  /** The interface, in either spelling. */
  $api(name: Name<P>): Chain<P>;
  $path(params: object): Chain<P>;
  $query(params: object): Chain<P>;
  $header(headers: object): Chain<P>;
  /** Objects are merged member by member; anything else replaces. */
  $body(data: unknown): Chain<P>;
  /** @returns the answer, or the part of it that the interface picks */
  $call(): Promise<InterfaceResult>;
  /** @returns the whole answer, with status, headers, time and attempts */
  $callRaw(): Promise<RawAnswer>;
  /** @returns what `$call` would send, with secrets masked; nothing is sent */
  $dryRun(): Promise<unknown>;
}

export type PlatformProxy<P extends PlatformInput> = Chain<P> & {
  readonly [Key in KeyOf<P> as Key | CamelCase<Key>]: DirectCall<P["interfaces"][Key]>;
};

type Catalogue = readonly PlatformInput[];
type PlatformOf<C extends Catalogue, Key> = Extract<C[number], { platform_key: Key }>;

export type InterfaceProxy<C extends Catalogue> = <Key extends C[number]["platform_key"]>(
  platformKey: Key,
  options?: ProxyOptions,
) => PlatformProxy<PlatformOf<C, Key>>;
