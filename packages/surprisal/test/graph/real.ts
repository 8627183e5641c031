/** Numbers with 1,600 binary places, for truths that no double holds: the probability e^−700, and one minus it. */

const places = 1600n;
const one = 1n << places;

function ln2(): bigint {
  // 2 artanh(1/3)
  let power = one / 3n;
  let total = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    total += power / k;
    power /= 9n;
  }
  return 2n * total;
}
const log2 = ln2();

export class Real {
  readonly bits: bigint;

  private constructor(bits: bigint) {
    this.bits = bits;
  }

  /** Exactly the double. */
  static of(x: number): Real {
    const [mantissa, exponent] = split(x);
    const shift = places + BigInt(exponent);
    return new Real(shift >= 0n ? mantissa << shift : mantissa >> -shift);
  }

  /** 2⁻⁴⁰⁰, a step for derivatives. */
  static readonly step = new Real(one >> 400n);

  add(y: Real): Real {
    return new Real(this.bits + y.bits);
  }
  sub(y: Real): Real {
    return new Real(this.bits - y.bits);
  }
  neg(): Real {
    return new Real(-this.bits);
  }
  mul(y: Real): Real {
    return new Real((this.bits * y.bits) >> places);
  }
  div(y: Real): Real {
    return new Real((this.bits << places) / y.bits);
  }

  exp(): Real {
    const k = this.bits / log2;
    const halvings = 24n;
    const small = (this.bits - k * log2) >> halvings;
    let term = one;
    let total = one;
    for (let n = 1n; term !== 0n && term !== -1n; n++) {
      term = ((term * small) >> places) / n;
      total += term;
    }
    for (let i = 0n; i < halvings; i++) total = (total * total) >> places;
    return new Real(k >= 0n ? total << k : total >> -k);
  }

  /** By Halley's iteration on exp, from a double. */
  log(): Real {
    if (this.bits <= 0n) throw new RangeError("log of a number that is not positive");
    const length = BigInt(this.bits.toString(2).length);
    const top = length > 60n ? Number(this.bits >> (length - 60n)) : Number(this.bits) * 2 ** Number(60n - length);
    let x = new Real(
      (BigInt(Math.round(Math.log(top / 2 ** 60) * 2 ** 52)) << (places - 52n)) + (length - places) * log2,
    );
    for (let i = 0; i < 5; i++) {
      const e = x.exp();
      x = x.add(Real.of(2).mul(this.sub(e)).div(this.add(e)));
    }
    return x;
  }

  /** The nearest double, near enough. */
  toNumber(): number {
    const negative = this.bits < 0n;
    const size = negative ? -this.bits : this.bits;
    const length = BigInt(size.toString(2).length);
    const dropped = length > 64n ? length - 64n : 0n;
    const exponent = Number(dropped - places);
    // In two steps, so that the scale itself does not underflow.
    const value = Number(size >> dropped) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(exponent + 1000, 0);
    return negative ? -value : value;
  }
}

/** The double as a whole number times a power of two. */
function split(x: number): [bigint, number] {
  let exponent = 0;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return [BigInt(scaled), exponent];
}
