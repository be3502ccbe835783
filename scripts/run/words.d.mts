/** What words.mjs gives to TypeScript. */
export function wordsOf(error: unknown): string;
