import type { DistributionView } from "../../server/services/views.ts";

export type { SiteOverview } from "../../server/services/site/overview.ts";

export type SiteImage = DistributionView & { host: string };
