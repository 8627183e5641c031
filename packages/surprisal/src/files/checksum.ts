/** CRC-32 (ISO 3309, the one of zip, PNG and zlib): finds damage, proves no origin. Any flipped bit and any burst of 32 bits shows. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  return rest;
});

/** The checksum of `bytes`, or of an earlier piece and `bytes` where `before` is the checksum of that piece. An unsigned 32-bit integer. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let rest = ~before;
  for (let i = 0; i < bytes.length; i++) {
    rest = (rest >>> 8) ^ (table[(rest ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~rest >>> 0;
}
