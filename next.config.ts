import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` type-checks the whole repository; doing it again here would only make the build slower.
  // Next keeps its own wishes in a file of its own, so that it never rewrites the one everybody uses.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  devIndicators: false,
  experimental: { optimizePackageImports: ["lucide-react"] },
};

export default config;
