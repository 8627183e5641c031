/**
 * Lloyd's algorithm for numbers on a line, from given centers, with scikit-learn's stopping rule: when no number changes its
 * cluster, or the centers' squared movement is within 1e-4 of the variance, or after 300 rounds.
 */
export function kMeansOnLine(values: Float64Array, start: Float64Array, weights?: Float64Array): Float64Array {
  const n = values.length;
  // Evenly spaced centers leave numbers equally far from theirs: which one an empty cluster takes hangs on the rounding of
  // the mean, so the sum is formed in the reference's order.
  const mean = pairwiseSum(values) / n;
  const x = values.map((v) => v - mean);
  const variance = varianceOf(x);
  let centers: Float64Array = start.map((c) => c - mean);
  let labels = new Int32Array(n).fill(-1);
  for (let round = 0; round < 300; round++) {
    const next = x.map((v) => nearest(v, centers));
    const assigned = Int32Array.from(next);
    const moved = update(x, assigned, centers, weights);
    const shift = moved.reduce((sum, c, k) => sum + (c - (centers[k] as number)) ** 2, 0);
    centers = moved;
    if (assigned.every((label, i) => label === labels[i])) break;
    labels = assigned;
    if (shift <= variance * 1e-4) break;
  }
  return centers.map((c) => c + mean);
}

/** Eight running sums below 128 numbers, halves above: the order in which NumPy adds. */
function pairwiseSum(x: Float64Array): number {
  const n = x.length;
  if (n < 8) return x.reduce((sum, v) => sum + v, 0);
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return pairwiseSum(x.subarray(0, half)) + pairwiseSum(x.subarray(half));
  }
  const sums = x.slice(0, 8);
  const whole = n - (n % 8);
  for (let i = 8; i < whole; i++) sums[i % 8] = (sums[i % 8] as number) + (x[i] as number);
  const [a, b, c, d, e, f, g, h] = sums as unknown as [number, number, number, number, number, number, number, number];
  return x.subarray(whole).reduce((sum, v) => sum + v, a + b + (c + d) + (e + f + (g + h)));
}

function varianceOf(x: Float64Array): number {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  return x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
}

/** The center with the least c² − 2xc, the first of equals. */
function nearest(x: number, centers: Float64Array): number {
  let best = 0;
  let least = Infinity;
  centers.forEach((c, k) => {
    const distance = c * c - 2 * x * c;
    if (distance < least) {
      least = distance;
      best = k;
    }
  });
  return best;
}

/** Weighted means; a cluster without weight takes the number that lies farthest from its own center. */
function update(x: Float64Array, labels: Int32Array, centers: Float64Array, weights?: Float64Array): Float64Array {
  const sums = new Float64Array(centers.length);
  const totals = new Float64Array(centers.length);
  const weight = (i: number) => (weights === undefined ? 1 : (weights[i] as number));
  const move = (i: number, k: number, sign: number) => {
    sums[k] = (sums[k] as number) + sign * weight(i) * (x[i] as number);
    totals[k] = (totals[k] as number) + sign * weight(i);
  };
  labels.forEach((k, i) => {
    move(i, k, 1);
  });
  const emptyClusters = Array.from(totals.keys()).filter((k) => totals[k] === 0);
  if (emptyClusters.length > 0) {
    const distance = x.map((v, i) => (v - (centers[labels[i] as number] as number)) ** 2);
    // Of equally far ones the last, as the reference picks.
    const farthest = Array.from(distance.keys()).sort(
      (a, b) => (distance[b] as number) - (distance[a] as number) || b - a,
    );
    if ((distance[farthest[0] as number] as number) > 0) {
      emptyClusters.forEach((k, j) => {
        const i = farthest[j] as number;
        move(i, labels[i] as number, -1);
        sums[k] = weight(i) * (x[i] as number);
        totals[k] = weight(i);
      });
    }
  }
  return sums.map((sum, k) => ((totals[k] as number) > 0 ? sum / (totals[k] as number) : sum));
}
