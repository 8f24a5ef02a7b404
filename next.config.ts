import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` type-checks the whole repository; doing it again here would only make the build slower.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  experimental: { optimizePackageImports: ["lucide-react"] },
};

export default config;
