/** Interleaved rounds of several variants, medians, and ratios against a peer: every figure in the docs comes from here. */

export interface Comparison {
  name: string;
  unit: "ms" | "ns";
  /** The variant that the others are divided by. */
  peer: string;
  /** Label -> one measurement. All variants are measured in every round, in a random order. */
  variants: Record<string, () => Promise<number> | number>;
  rounds: number;
}

export interface ComparisonRow {
  variant: string;
  median: number;
  /** Median of the rounds' own ratios: a machine that slows down for a while slows both. */
  ratio: number;
}

export async function compare(
  { peer, variants, rounds }: Comparison,
  onRound?: (round: number) => void,
): Promise<ComparisonRow[]> {
  const labels = Object.keys(variants);
  const measured = new Map<string, number[]>(labels.map((label) => [label, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const label of shuffled(labels)) measured.get(label)?.push(await (variants[label]?.() ?? Number.NaN));
    onRound?.(round + 1);
  }
  const base = measured.get(peer) ?? [];
  return labels.map((variant) => {
    const values = measured.get(variant) ?? [];
    const ratios = values.map((value, round) => value / (base[round] ?? Number.NaN));
    return { variant, median: median(values), ratio: median(ratios) };
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function shuffled(labels: readonly string[]): string[] {
  const copy = [...labels];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [copy[at], copy[other]] = [copy[other] as string, copy[at] as string];
  }
  return copy;
}
