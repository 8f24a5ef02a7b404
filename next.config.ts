import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Set in development only, where two portals may run from one checkout.
  ...(process.env.KINDLING_PAGES_DIR ? { distDir: process.env.KINDLING_PAGES_DIR } : {}),
  reactStrictMode: true,
  // `npm run check` type-checks the whole repository; doing it again here would only make the build slower.
  // Next keeps its own wishes in a file of its own, so that it never rewrites the one everybody uses.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  devIndicators: false,
  experimental: { optimizePackageImports: ["lucide-react"] },
};

export default config;
