/** The name that was probably meant. */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** A sentence for a hint: the nearest of the known names, and all of them where they are few. */
export function suggest(name: string, known: readonly string[]): string {
  const fold = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const typed = fold(name);
  const [nearest] = known
    .map((candidate) => ({ candidate, far: distance(typed, fold(candidate)) }))
    .sort((a, b) => a.far - b.far);
  const guess =
    nearest !== undefined && nearest.far <= Math.max(2, typed.length / 2)
      ? `Did you mean ${JSON.stringify(nearest.candidate)}? `
      : "";
  const list = known.slice(0, 12).map((candidate) => JSON.stringify(candidate));
  return `${guess}There ${known.length === 1 ? "is" : "are"} ${list.join(", ")}${known.length > 12 ? ` and ${known.length - 12} more` : ""}.`;
}
