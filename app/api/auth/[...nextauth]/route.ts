import NextAuth from "next-auth";
import { bridge } from "../../../../server/api/bridge.ts";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

// Made per request: the bridge exists only in the running portal, not while Next builds.
function handler(request: Request, context: Context): Promise<Response> {
  return NextAuth(bridge().authOptions)(request, context);
}

export { handler as GET, handler as POST };
