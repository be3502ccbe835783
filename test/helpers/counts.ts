/** Large counts: the whole of them in `npm run test:full`, a twentieth in `npm test`. */
export const isFull = process.env.STARTFLOW_FULL === "1";

export function counted(full: number): number {
  return isFull ? full : Math.max(1, Math.round(full / 20));
}
