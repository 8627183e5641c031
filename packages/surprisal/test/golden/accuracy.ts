/**
 * How far losses are from the truth, in units in the last place: ours in three arithmetics over all golden cases, and beside what
 * other libraries returned for some of them (frameworks.json). `docs/losses/accuracy.json` holds the result.
 */
import {
  type ComparedPart,
  type LossCase,
  type LossRunOptions,
  type Nested,
  runLossCase,
  supportedLosses,
} from "./dispatch-losses.ts";

/** Worst errors in ulp, of values and of gradients; null where there was nothing to compare, "NaN" where only one was finite. */
export type Errors = readonly [value: Ulp, gradient: Ulp];
export type Ulp = number | "NaN" | null;

/** Ours: `float64`, `float32` (computed in float64, rounded once), `native` (float32 throughout, compiled to WebAssembly). */
export type Way = "float64" | "float32" | "native";

export interface OursRow extends Record<Way, Errors> {
  readonly cases: number;
  /** By how much a relative change of the inputs is magnified, at most; of its finite values above 32. */
  readonly conditioning?: number;
}
export interface SharedRow extends OursRow {
  /** By library and precision: `f32`, `f64`. */
  readonly others: Readonly<Record<string, Readonly<Record<string, Errors>>>>;
}
/** By loss, then by range. */
export type Rows<R> = Readonly<Record<string, Readonly<Record<string, R>>>>;
export interface Accuracy {
  readonly versions: Readonly<Record<string, string>>;
  readonly all: Rows<OursRow>;
  /** Of the cases that other libraries ran, too; a loss and what it predicts from. */
  readonly shared: Rows<SharedRow>;
}

export interface FrameworkCase {
  /** File and id of a golden case. */
  readonly key: string;
  readonly range: string;
  readonly notes?: string;
  readonly truth: Readonly<Record<string, Numbers>>;
  /** By library and precision: `f32`, `f64`. */
  readonly returned: Readonly<Record<string, Readonly<Record<string, Returned>>>>;
}
interface Returned {
  readonly perSample: Numbers;
  readonly gradient: Numbers | null;
}
type Numbers = Nested | { readonly [name: string]: Nested };

/** Golden files by name, and what other libraries returned. */
export interface Golden {
  readonly files: Readonly<Record<string, readonly GoldenLossCase[]>>;
  readonly frameworks: {
    readonly versions: Readonly<Record<string, string>>;
    readonly cases: readonly FrameworkCase[];
  };
}
export interface GoldenLossCase extends LossCase {
  readonly range: string;
  readonly notes?: string;
}

const bits = new DataView(new ArrayBuffer(8));
/** The gap between neighbours at a number, for normal numbers. */
function gap(x: number, digits: 23 | 52): number {
  bits.setFloat64(0, Math.abs(x));
  return 2 ** ((bits.getUint16(0) >>> 4) - 1023 - digits);
}

const normal = {
  f32: { digits: 23, least: 2 ** -126, largest: 2 ** 128 * (1 - 2 ** -24) },
  f64: { digits: 52, least: 2 ** -1022, largest: Number.MAX_VALUE },
} as const;

/**
 * The worst error of an entry. Truths outside the normal range are left out; an entry whose truth is 0 is measured against the
 * largest entry (against 1 if all are 0).
 */
export function worstUlp(got: ArrayLike<number>, truth: readonly number[], precision: keyof typeof normal): Ulp {
  if (got.length !== truth.length) return null;
  const { digits, least, largest } = normal[precision];
  const scale = Math.max(...truth.filter(Number.isFinite).map(Math.abs)) || 1;
  let worst: Ulp = null;
  truth.forEach((wanted, i) => {
    const found = got[i] as number;
    const size = Math.abs(wanted);
    if (Number.isFinite(wanted) && size !== 0 && (size < least || size > largest)) return;
    if (Object.is(found, wanted) || found === wanted) worst = worse(worst, 0);
    else if (!Number.isFinite(found) || !Number.isFinite(wanted)) worst = "NaN";
    else worst = worse(worst, Math.abs(found - wanted) / gap(wanted === 0 ? Math.max(scale, least) : wanted, digits));
  });
  return worst;
}

function worse(a: Ulp, b: Ulp): Ulp {
  if (a === "NaN" || b === "NaN") return "NaN";
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
const worseOf = (a: Errors, b: Errors): Errors => [worse(a[0], b[0]), worse(a[1], b[1])];
const none: Errors = [null, null];

/** Numbers in order; those of a record by its sorted names. */
function flat(value: Numbers): number[] {
  if (Array.isArray(value)) return value.flatMap((part) => flat(part as Nested));
  if (typeof value !== "object") return [Number(value)];
  const record = value as Readonly<Record<string, Nested>>;
  return Object.keys(record)
    .sort()
    .flatMap((name) => flat(record[name] as Nested));
}

function conditioningOf({ conditioning }: GoldenLossCase, what: string): number {
  const magnified = Number(conditioning?.[what as "value" | "gradient"] ?? 0);
  return Number.isFinite(magnified) ? magnified : 0;
}

/** Gradients at kinks are conventions, which differ. */
const atKink = (golden: { readonly notes?: string }) => golden.notes?.includes("kink") === true;

interface Measured extends Record<Way, Errors> {
  readonly conditioning: number;
}
interface Run {
  /** Absent where nothing came back. */
  readonly measured?: Measured;
  /** What was wrong in float64, or rounded once to float32, by the tolerance of the golden set. */
  readonly failures: readonly string[];
}

async function measureOurs(golden: GoldenLossCase, native: LossRunOptions): Promise<Run> {
  const exact = await runLossCase(golden, { dtype: "float64" });
  if (exact.status === "unsupported") return { failures: [] };
  const once = await runLossCase(golden, { dtype: "float32" });
  const throughout = await runLossCase(golden, native);
  const failed = [exact, once].filter(({ status }) => status === "failed");
  const failures = failed.map(({ errors }) => `${golden.id}: ${errors.join("; ")}`);
  if (exact.parts === undefined || once.parts === undefined || throughout.parts === undefined) {
    return { failures: [...failures, ...throughout.errors.map((error) => `${golden.id}: ${error}`)] };
  }
  return {
    failures,
    measured: errorsOf(golden, { float64: exact.parts, float32: once.parts, native: throughout.parts }),
  };
}

function errorsOf(golden: GoldenLossCase, parts: Readonly<Record<Way, readonly ComparedPart[]>>): Measured {
  const errors = (way: Way): Errors =>
    parts[way].reduce((worst, { what, got, truth }) => {
      const isGradient = what.startsWith("gradient");
      if (what === "divisor" || (isGradient && atKink(golden))) return worst;
      const ulp = worstUlp(got, truth, way === "float64" ? "f64" : "f32");
      return worseOf(worst, isGradient ? [null, ulp] : [ulp, null]);
    }, none);
  return {
    float64: errors("float64"),
    float32: errors("float32"),
    native: errors("native"),
    conditioning: Math.max(0, ...["value", "gradient"].map((what) => conditioningOf(golden, what))),
  };
}

function measureOthers({ truth, returned, ...golden }: FrameworkCase): SharedRow["others"] {
  const values = flat((truth.perSample ?? truth.value) as Numbers);
  const slopes = flat(truth.gradient as Numbers);
  const errors = ({ perSample, gradient }: Returned, precision: "f32" | "f64"): Errors => [
    worstUlp(flat(perSample), values, precision),
    gradient === null || atKink(golden) ? null : worstUlp(flat(gradient), slopes, precision),
  ];
  return mapValues(returned, (by) => mapValues(by, (one, precision) => errors(one, precision as "f32" | "f64")));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, of: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value, name)]));
}

const ranges = ["ordinary", "saturated", "special"];
const kinds: Readonly<Record<string, string>> = {
  probabilities: " (probabilities)",
  logProbabilities: " (log-probabilities)",
};

export interface Measurement {
  readonly accuracy: Accuracy;
  /** By loss: golden cases that did not pass in float64, or rounded once to float32. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
}

/**
 * Everything measured.
 * @param native how to run a case in float32 throughout.
 * @param losses by name; all that exist when left out.
 */
export async function measureAccuracy(
  { files, frameworks }: Golden,
  native: LossRunOptions,
  losses: readonly string[] = supportedLosses(),
): Promise<Measurement> {
  const known = new Set(losses);
  const elsewhere = new Map(frameworks.cases.map((one) => [one.key, one]));
  const all = new Map<string, Map<string, OursRow>>();
  const shared = new Map<string, Map<string, SharedRow>>();
  const failed = new Map<string, string[]>();
  for (const [file, cases] of Object.entries(files)) {
    for (const golden of cases.filter(({ loss }) => known.has(loss))) {
      const { measured: ours, failures } = await measureOurs(golden, native);
      if (failures.length > 0) failed.set(golden.loss, [...(failed.get(golden.loss) ?? []), ...failures]);
      if (ours === undefined) continue;
      addTo(all, golden.loss, golden.range, (row) => withOurs(row, ours));
      const other = elsewhere.get(`${file}:${golden.id}`);
      if (other === undefined || other.range === "policy") continue;
      const name = `${golden.loss}${kinds[golden.inputKind ?? ""] ?? ""}`;
      const theirs = measureOthers(other);
      addTo(shared, name, golden.range, (row) => ({
        ...withOurs(row, ours),
        others: mapValues({ ...row?.others, ...theirs }, (by, library) =>
          mapValues(by, (_, precision) =>
            worseOf(row?.others[library]?.[precision] ?? none, theirs[library]?.[precision] ?? none),
          ),
        ),
      }));
    }
  }
  return { accuracy: { versions: frameworks.versions, all: sorted(all), shared: sorted(shared) }, failures: failed };
}

function withOurs(row: OursRow | undefined, { conditioning, ...ours }: Measured): OursRow {
  const largest = Math.max(row?.conditioning ?? 0, conditioning);
  return {
    cases: (row?.cases ?? 0) + 1,
    ...(largest > 0 ? { conditioning: largest } : {}),
    float64: worseOf(row?.float64 ?? none, ours.float64),
    float32: worseOf(row?.float32 ?? none, ours.float32),
    native: worseOf(row?.native ?? none, ours.native),
  };
}

function addTo<R>(table: Map<string, Map<string, R>>, loss: string, range: string, next: (row: R | undefined) => R) {
  const rows = table.get(loss) ?? new Map<string, R>();
  rows.set(range, next(rows.get(range)));
  table.set(loss, rows);
}

/** By name and range, every number to three digits. */
function sorted<R>(table: Map<string, Map<string, R>>): Rows<R> {
  const short = (value: unknown): unknown => {
    if (typeof value === "number") return Number(value.toPrecision(3));
    if (Array.isArray(value)) return value.map(short);
    return typeof value === "object" && value !== null ? mapValues(value as Record<string, unknown>, short) : value;
  };
  const named = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    named.map(([loss, rows]) => [
      loss,
      Object.fromEntries(ranges.flatMap((range) => (rows.has(range) ? [[range, short(rows.get(range)) as R]] : []))),
    ]),
  );
}
