/** What needs a file system goes through the host that the model was made with. */
import { InvalidArgumentError } from "../base/errors.ts";
import type { Host, SaveOptions } from "./contract.ts";

function missing(doing: string): InvalidArgumentError {
  return new InvalidArgumentError("model/no-host", {
    received: `${doing} was asked for`,
    expected: "this model was made without a file system",
    hint: "Make it with sequential(), which brings one where there is one.",
  });
}

export async function saveThrough(
  host: Host | undefined,
  model: unknown,
  path: string,
  options?: SaveOptions,
): Promise<void> {
  if (host === undefined) throw missing(`saving to ${path}`);
  await host.save(model, path, options);
}

export async function bytesThrough(host: Host | undefined, model: unknown, options?: SaveOptions): Promise<Uint8Array> {
  if (host?.toBytes === undefined) throw missing("toBytes");
  return host.toBytes(model, options);
}

export async function appendThrough(
  host: Host | undefined,
  path: string,
  text: string,
  options: { truncate: boolean },
): Promise<void> {
  if (host === undefined) throw missing(`writing to ${path}`);
  await host.appendText(path, text, options);
}
