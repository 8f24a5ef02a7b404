// Part of `npm run check`: everything that can be asked for says whose data it touches.
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { proceduresOf } from "../server/api/testing/procedures.ts";
import { pageScope } from "../server/portal/routes.ts";

const wrong = [
  ...proceduresOf()
    .filter(({ scope }) => scope === null)
    .map(({ path }) => `${path} does not say whose data it touches: make it with one of the builders in server/api/trpc.ts`),
  ...globSync(["app/**/page.tsx", "app/**/route.ts"])
    .map((file) => `/${dirname(file).replace(/^app\/?/, "")}`)
    .filter((folder) => pageScope(folder) === null)
    .map((folder) => `app${folder} does not say whose page it is: declare it in server/portal/routes.ts`),
];
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join("\n")}\n`);
  process.exitCode = 1;
}
