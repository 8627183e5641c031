/**
 * The built library in a page: plain HTML, one module, a Content-Security-Policy that allows WebAssembly and nothing else. It trains the binary
 * walk-through and ends with Node's bits.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "playwright-core";
import { data, layers, losses, sequential } from "surprisal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../../../../tools/chromium.mjs";

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const flags = [
  ...["--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];
const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const files: Readonly<Record<string, { type: string; body: Buffer }>> = {
  "/": { type: "text/html; charset=utf-8", body: read("page/index.html") },
  "/walkthrough.js": { type: "text/javascript; charset=utf-8", body: read("page/walkthrough.js") },
  // Browsers ask for it by themselves.
  "/favicon.ico": { type: "image/x-icon", body: Buffer.alloc(0) },
  "/surprisal.js": { type: "text/javascript; charset=utf-8", body: read("../../dist/surprisal.js") },
};

interface Found {
  readonly history: Record<string, number[]>;
  readonly scores: Record<string, number>;
  readonly file: string;
  readonly predictions: string;
  readonly device: string;
  /** How often something else had its turn while the model trained. */
  readonly turns: number;
}

let server: Server;
let browser: Browser;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const file = files[request.url ?? ""];
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": file?.type ?? "text/plain",
      "content-security-policy": policy,
    });
    response.end(file?.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("No Chromium was found: install it, or set CHROMIUM to its path.");
  browser = await chromium.launch({ executablePath, args: flags });
});
afterAll(async () => {
  await browser?.close();
  await new Promise((done) => server?.close(done));
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

/** The same program here. */
async function inNode(): Promise<Omit<Found, "turns">> {
  const [X, y] = data.makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [XTrainRaw, XTestRaw, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new data.StandardScaler();
  const XTrain = scaler.fitTransform(XTrainRaw);
  const XTest = scaler.transform(XTestRaw);
  const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);
  model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
  const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });
  const scores = await model.evaluate(XTest, yTest);
  const predictions = (await model.predict(XTest)).data as Float32Array;
  return {
    history: { ...history },
    scores,
    file: hex(await model.toBytes({ optimizer: true })),
    predictions: hex(new Uint8Array(predictions.buffer)),
    device: model.device.name,
  };
}

test("a page trains the binary walk-through to Node's bits, under its policy and without a complaint", async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`request failed: ${request.url()}`));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => document.querySelector("#state")?.textContent !== "training");
  expect(await page.textContent("#state")).toBe("done");
  const found = (await page.evaluate(() => (globalThis as unknown as { result: unknown }).result)) as Found;
  const { turns, ...bits } = found;

  const expected = await inNode();
  expect(expected.device).toBe("wasm");
  expect(expected.file.length).toBeGreaterThan(1000);
  expect(bits).toEqual(expected);
  expect(turns).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
  expect(asked.filter((path) => path !== "/favicon.ico")).toEqual(["/", "/walkthrough.js", "/surprisal.js"]);

  // The policy is in force: what the library never does is refused here, and heard of.
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
    return "ran" in globalThis;
  });
  expect(ran).toBe(false);
  expect(complaints.join()).toContain("Content Security Policy");
});
