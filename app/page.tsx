import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { load, me } from "../components/api/server.ts";
import { NoTenant } from "../components/home/no-tenant.tsx";

export default async function Start() {
  const person = await load(me(), "/");
  const wanted = (await cookies()).get("tenant")?.value;
  const tenant = person.tenants.find(({ slug }) => slug === wanted) ?? person.tenants[0];
  if (tenant) redirect(`/t/${tenant.slug}`);
  if (person.siteAdmin) redirect("/site");
  return <NoTenant name={person.displayName} />;
}
