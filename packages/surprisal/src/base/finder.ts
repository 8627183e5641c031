/** Looking things up by name: losses, optimizers, schedules, metrics, activations, … */
import { unknownName } from "./errors.ts";
import { foldName } from "./parameters.ts";

/** What is looked up says how it is called. */
export interface Findable {
  readonly definition: { readonly name: string; readonly aliases?: readonly string[] | undefined };
}

/**
 * A function from a name or an alias to what bears it; case and separators do not count. `kind` is the singular noun of messages.
 * It throws UnknownNameError with the nearest names.
 * @throws Error when two claim one word.
 */
export function finder<T extends Findable>(kind: string, all: readonly T[]): (name: string) => T {
  const byWord = new Map<string, T>();
  const names = all.map(({ definition }) => definition.name).sort();
  const aliases = all.flatMap(({ definition }) => definition.aliases ?? []);
  for (const item of all) {
    for (const word of [item.definition.name, ...(item.definition.aliases ?? [])].map(foldName)) {
      if (byWord.has(word)) throw new Error(`two of ${kind} are called "${word}"`);
      byWord.set(word, item);
    }
  }
  return (name) => {
    const found = byWord.get(foldName(String(name)));
    if (found === undefined) throw unknownName(kind, name, names, aliases);
    return found;
  };
}
