/** A growing run of bytes: what the assembler writes into. */

export class Bytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param room for so many at first. */
  constructor(room = 256) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends one byte, or up to four. */
  push(a: number, b?: number, c?: number, d?: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    this.#bytes[this.#length++] = a;
    if (b === undefined) return;
    this.#bytes[this.#length++] = b;
    if (c === undefined) return;
    this.#bytes[this.#length++] = c;
    if (d !== undefined) this.#bytes[this.#length++] = d;
  }

  /** The first `count` of the bytes given. */
  append(bytes: ArrayLike<number>, count = bytes.length): void {
    if (this.#length + count > this.#bytes.length) this.#grow(count);
    const [own, start] = [this.#bytes, this.#length];
    for (let i = 0; i < count; i++) own[start + i] = bytes[i] as number;
    this.#length += count;
  }

  /** Everything that another one holds. */
  join(other: Bytes): void {
    if (this.#length + other.#length > this.#bytes.length) this.#grow(other.#length);
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
  }

  /** LEB128, as short as can be. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.push(rest);
  }

  signed(value: number): void {
    let rest = value | 0;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
        this.push(byte);
        return;
      }
      this.push(byte | 0x80);
    }
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(more: number): void {
    const next = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    next.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = next;
  }
}
