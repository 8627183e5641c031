/** Buffers of what nobody holds any more go back to their device: nobody is asked for a manual dispose. */
import type { Device, DeviceBuffer } from "../compile/device.ts";

interface Shelf {
  readonly buffers: readonly DeviceBuffer[];
}

const collected = new FinalizationRegistry<{ device: Device; shelves: readonly Shelf[] }>(({ device, shelves }) => {
  for (const { buffers } of shelves) for (const buffer of buffers) device.free(buffer);
});

/** Gives back what lies on the shelves then, once `owner` is collected. The shelves must not hold it. */
export function freeWith(owner: object, device: Device, shelves: readonly Shelf[]): void {
  collected.register(owner, { device, shelves });
}
