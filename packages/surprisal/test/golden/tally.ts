/** Counts golden cases by outcome, so that a loop over them can say what it ran. */
import type { Outcome } from "./compare.ts";

export class Tally {
  readonly ids: Readonly<Record<Outcome["status"], string[]>> = { passed: [], failed: [], unsupported: [] };

  add(id: string, { status }: Outcome): void {
    this.ids[status].push(id);
  }

  get counts(): Readonly<Record<Outcome["status"], number>> {
    const { passed, failed, unsupported } = this.ids;
    return { passed: passed.length, failed: failed.length, unsupported: unsupported.length };
  }
}
