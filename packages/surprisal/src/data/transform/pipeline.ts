/** Several transforms one after another. */
import type { Tensor } from "../../base/tensor.ts";
import type { Cell } from "../labels.ts";
import { badOption, show } from "../options.ts";
import { ConfigReader } from "./config.ts";
import type { FieldsLike, Json, Transform, TransformConfig } from "./transform.ts";

const where = "pipeline";

/** One transform of a Pipeline, with its name. */
export interface PipelineStep {
  readonly name: string;
  readonly transform: Transform;
}

/** Each step gets what the one before returns. */
export class Pipeline implements Transform {
  static readonly transformName = "Pipeline";
  readonly steps: readonly PipelineStep[];

  /** @throws InvalidArgumentError when there is no step or a name occurs twice. */
  constructor(steps: readonly PipelineStep[]) {
    const names = steps.map((step) => step.name);
    if (steps.length === 0 || new Set(names).size < names.length) {
      throw badOption(where, "steps", names, "one or more steps with names of their own are needed");
    }
    this.steps = [...steps];
  }

  fit(x: FieldsLike): this {
    this.fitTransform(x);
    return this;
  }

  /** What the last step returns. */
  transform(x: FieldsLike): Tensor | Cell[][] {
    return this.steps.reduce((rows: FieldsLike, { transform }) => transform.transform(rows), x) as Tensor | Cell[][];
  }

  fitTransform(x: FieldsLike): Tensor | Cell[][] {
    return this.steps.reduce((rows: FieldsLike, { transform }) => transform.fit(rows).transform(rows), x) as
      | Tensor
      | Cell[][];
  }

  /** The names that come out of the last step; a step that names nothing keeps its columns. */
  featureNamesOut(inputNames?: readonly string[]): string[] {
    let names: readonly string[] | undefined = inputNames;
    for (const { transform } of this.steps) names = transform.featureNamesOut?.(names) ?? names;
    if (names === undefined) throw badOption(where, "inputNames", inputNames, "the names of the columns are needed");
    return [...names];
  }

  toConfig(): TransformConfig {
    const steps = this.steps.map(({ name, transform }) => ({
      name,
      transform: transform.toConfig() as unknown as Json,
    }));
    return { name: Pipeline.transformName, options: { steps }, state: null };
  }

  static fromConfig(config: TransformConfig, restore: (config: unknown) => Transform): Pipeline {
    const outer = new ConfigReader(config.options, where);
    const steps = outer.list("steps").map((record) => {
      const reader = new ConfigReader(record, where);
      const name = reader.raw("name");
      if (typeof name !== "string") throw reader.fail("name", show(name), "text is needed");
      const transform = restore(reader.raw("transform"));
      reader.end();
      return { name, transform };
    });
    outer.end();
    if (config.state !== null) throw outer.fail("state", show(config.state), "null is needed: each step has its own");
    return new Pipeline(steps);
  }
}
