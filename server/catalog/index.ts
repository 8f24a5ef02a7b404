/** The catalogue: the distributions that people can choose, and what Spark is told on a flavor. */

export { type LoadedBundle, loadBundles } from "./load-bundles.ts";
export { sparkSettings } from "./spark-settings.ts";
