/** The names that were probably meant, for the hints of errors. */

/** Optimal string alignment: edits and swaps of neighbours, each costs 1. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, (previous[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] as number) + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

/** What a letter costs that stands in a word (or an end) that one of the two names has and the other has not. */
const [leftOut, tooMuch] = [0.25, 0.5];

/** Case and separators do not count. */
const fold = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** `"glorotNormal"` and `"glorot_normal"` → `["glorot", "normal"]`. */
function wordsOf(name: string): string[] {
  const parts = name.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, "$1 ").split(/[^\p{L}\p{N}]+/u);
  return parts.map((word) => word.toLowerCase()).filter((word) => word !== "");
}

/** Aligns word by word, so that a name that lacks a word or has one more is still near. */
function wordDistance(typed: readonly string[], known: readonly string[]): number {
  let previous = [0];
  for (const word of known) previous.push((previous.at(-1) as number) + leftOut * word.length);
  for (const word of typed) {
    const row = [(previous[0] as number) + tooMuch * word.length];
    known.forEach((other, j) => {
      row.push(
        Math.min(
          (previous[j + 1] as number) + tooMuch * word.length,
          (row[j] as number) + leftOut * other.length,
          (previous[j] as number) + editDistance(word, other),
        ),
      );
    });
    previous = row;
  }
  return previous.at(-1) as number;
}

function distance(typed: string, known: string): number {
  const [a, b] = [fold(typed), fold(known)];
  const far = Math.min(editDistance(a, b), wordDistance(wordsOf(typed), wordsOf(known)));
  // Part of a name: always near, and the nearer the less is missing.
  return a.length > 2 && b.includes(a) ? Math.min(far, 1 + (b.length - a.length) / 100) : far;
}

/** Further than this from what was typed, a name is a different one. */
const reach = (typed: string): number => Math.max(2, fold(typed).length / 2);

/** The known names near what was typed, best first; none where nothing is near. */
export function nearestNames(typed: string, known: readonly string[], count = 3): string[] {
  return known
    .map((name) => ({ name, far: distance(typed, name) }))
    .filter(({ far }) => far <= reach(typed))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** So many names are listed whole. */
const few = 12;
const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");

/**
 * A hint for a name that is not known: the near ones, and all of them where they are few, or the first where nothing is near.
 * `'Did you mean "Species"? There are "Island", "Species".'` Aliases may be near, but are not listed.
 */
export function suggestNames(typed: string, known: readonly string[], aliases: readonly string[] = []): string {
  if (known.length === 0) return "There is none.";
  const near = nearestNames(typed, [...known, ...aliases]);
  const guess = near.length === 0 ? [] : [`Did you mean ${quoted(near)}?`];
  const rest = known.length - few;
  if (near.length > 0 && rest > 0) return guess.join(" ");
  const listed = `${quoted(known.slice(0, few))}${rest > 0 ? ` and ${rest} more` : ""}`;
  return [...guess, `There ${known.length === 1 ? "is" : "are"} ${listed}.`].join(" ");
}
