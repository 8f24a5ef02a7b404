import NextAuth from "next-auth";
import { authPathUsed } from "../../../../components/shell/auth-paths.ts";
import { bridge } from "../../../../server/api/bridge.ts";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

// Made per request: the bridge exists only in the running portal, not while Next builds.
async function handler(request: Request, context: Context): Promise<Response> {
  if (!authPathUsed(request.method, (await context.params).nextauth))
    return Response.json({ message: "There is no such address here." }, { status: 404 });
  return NextAuth(bridge().authOptions)(request, context);
}

export { handler as GET, handler as POST };
