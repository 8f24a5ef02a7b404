/** The catalogue: the distributions that people can choose, and what Spark is told on a flavor. */

export { contentHash, imageTag } from "../../agents/images/content-hash.ts";
export { buildContext } from "../../agents/images/context.ts";
export { BundleError, type LoadedBundle, loadBundles } from "./load-bundles.ts";
export { type SparkPlan, sparkSettings } from "./spark-settings.ts";
