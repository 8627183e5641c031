/** Letting others run: a page stays alive while a model trains in it. */

const pauseEvery = 10;

/** A macrotask from now; timers in browsers would wait 4 ms each. */
function breathe(): Promise<void> {
  const immediate = (globalThis as { setImmediate?: (f: () => void) => unknown }).setImmediate;
  if (immediate !== undefined) return new Promise((resolve) => void immediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Gives way to the event loop about every ten milliseconds. The clock decides nothing else. */
export class Pacer {
  #last = performance.now();

  /** Whether it is time to give way. */
  get due(): boolean {
    return performance.now() - this.#last >= pauseEvery;
  }

  async pause(): Promise<void> {
    await breathe();
    this.#last = performance.now();
  }
}
