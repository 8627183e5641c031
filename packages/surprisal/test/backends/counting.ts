/** A device that counts the buffers that are held. */
import type { Device, DeviceBuffer } from "../../src/compile/device.ts";

export function countingDevice(device: Device): { readonly counted: Device; readonly held: ReadonlySet<DeviceBuffer> } {
  const held = new Set<DeviceBuffer>();
  const counted: Device = {
    ...device,
    allocate(dtype, shape) {
      const buffer = device.allocate(dtype, shape);
      held.add(buffer);
      return buffer;
    },
    free(buffer) {
      held.delete(buffer);
      device.free(buffer);
    },
  };
  return { counted, held };
}
