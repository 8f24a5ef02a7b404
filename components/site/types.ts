import type { DistributionView, HostView, VolumeView } from "../../server/services/views.ts";

export interface SiteOverview {
  hosts: HostView[];
  attention: { title: string; detail: string; href: string }[];
}

export interface SiteTenant {
  slug: string;
  name: string;
  clusters: number;
  members: number;
  segment: string | null;
}

export type SiteImage = DistributionView & { host: string };
export type SiteVolume = VolumeView & { tenant: string };
