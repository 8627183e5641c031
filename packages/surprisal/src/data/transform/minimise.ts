/**
 * The least value of a function of one variable: a bracket found by walking downhill with parabolas, then Brent's method
 * (R. P. Brent, "Algorithms for minimization without derivatives", 1973, chapter 5). Near its least value a function is flat
 * to rounding, so the last digits of the place depend on the course taken: constants and order are those that SciPy uses.
 */
const growth = 1.618034;
const golden = 0.381966;
const relative = 1.48e-8;
const absolute = 1e-11;

type F = (x: number) => number;

export function minimise(f: F, from: number, to: number): number {
  const [left, start, right] = bracket(f, from, to);
  let a = Math.min(left, right);
  let b = Math.max(left, right);
  // The best place so far, the second best, and the second best before that.
  let x = start;
  let w = start;
  let v = start;
  let fx = f(start);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let before = 0;
  for (let round = 0; round < 500; round++) {
    const tolerance = relative * Math.abs(x) + absolute;
    const middle = 0.5 * (a + b);
    if (Math.abs(x - middle) < 2 * tolerance - 0.5 * (b - a)) break;
    const longer = x >= middle ? a - x : b - x;
    const { p, q } = vertex(x, w, v, fx, fw, fv);
    const fits =
      Math.abs(before) > tolerance && p > q * (a - x) && p < q * (b - x) && Math.abs(p) < Math.abs(0.5 * q * before);
    before = fits ? step : longer;
    step = fits ? p / q : golden * longer;
    const nearEnd = fits && (x + step - a < 2 * tolerance || b - x - step < 2 * tolerance);
    if (nearEnd) step = middle >= x ? tolerance : -tolerance;
    const u = x + (Math.abs(step) < tolerance ? (step >= 0 ? tolerance : -tolerance) : step);
    const fu = f(u);
    if (fu > fx) {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    } else {
      if (u >= x) a = x;
      else b = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    }
  }
  return x;
}

/** From x to the vertex of the parabola through three points: p / q, q ≥ 0. */
function vertex(x: number, w: number, v: number, fx: number, fw: number, fv: number): { p: number; q: number } {
  const r = (x - w) * (fx - fv);
  const s = (x - v) * (fx - fw);
  const p = (x - v) * s - (x - w) * r;
  const q = 2 * (s - r);
  return { p: q > 0 ? -p : p, q: Math.abs(q) };
}

/** Three points of which the middle one has the least value. */
function bracket(f: F, from: number, to: number): [number, number, number] {
  const downhill = f(from) >= f(to);
  let a = downhill ? from : to;
  let b = downhill ? to : from;
  let fa = f(a);
  let fb = f(b);
  let c = b + growth * (b - a);
  let fc = f(c);
  for (let round = 0; round < 1000 && fc < fb; round++) {
    const r = (b - a) * (fb - fc);
    const s = (b - c) * (fb - fa);
    const q = Math.abs(s - r) < 1e-21 ? 2e-21 : 2 * (s - r);
    const limit = b + 110 * (c - b);
    let u = b - ((b - c) * s - (b - a) * r) / q;
    let fu: number;
    if ((u - c) * (b - u) > 0) {
      fu = f(u);
      if (fu < fc) return [b, u, c];
      if (fu > fb) return [a, b, u];
      u = c + growth * (c - b);
      fu = f(u);
    } else if ((u - limit) * (limit - c) >= 0) {
      u = limit;
      fu = f(u);
    } else if ((u - limit) * (c - u) > 0) {
      fu = f(u);
      if (fu < fc) {
        [b, fb, c, fc] = [c, fc, u, fu];
        u = c + growth * (c - b);
        fu = f(u);
      }
    } else {
      u = c + growth * (c - b);
      fu = f(u);
    }
    [a, fa, b, fb, c, fc] = [b, fb, c, fc, u, fu];
  }
  return [a, b, c];
}
