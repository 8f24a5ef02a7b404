/** For the filter too: what may be asked for by name. */
export const words: Record<string, string> = {
  "cluster.create": "Create cluster",
  "cluster.resize": "Change the workers of",
  "cluster.stop": "Stop cluster",
  "cluster.start": "Start cluster",
  "cluster.retry": "Retry cluster",
  "cluster.delete": "Delete cluster",
  "container.altered": "Found altered a container of",
  "container.restored": "Found as approved again a container of",
  "service.open": "Open a service of",
  "cluster.restart-service": "Restart a service of",
  "cluster.notebooks": "Download the notebooks of",
  "audit.export": "Export the audit trail of",
  "site.settings": "Change the site's",
  "segment.create": "Create network",
  "segment.edit": "Change network",
  "segment.delete": "Delete network",
  "volume.delete": "Delete volume",
  "image.build": "Build again the image of",
  "host.invite": "Make a command for host",
  "host.withdraw": "Withdraw the command for host",
  "host.enrol": "Enrol host",
  "host.revoke": "Revoke the certificate of host",
  "tenant.create": "Create tenant",
  "tenant.edit": "Change tenant",
  "tenant.suspend": "Suspend tenant",
  "tenant.resume": "Resume tenant",
  "tenant.delete": "Delete tenant",
  "tenant.gone": "Remove the last of tenant",
  "tenant.limits": "Change the limits of",
  "flavor.create": "Create flavor",
  "flavor.edit": "Change flavor",
  "flavor.retire": "Retire flavor",
  "flavor.offer": "Offer again flavor",
  "flavor.delete": "Delete flavor",
  "token.create": "Create token",
  "token.revoke": "Revoke token",
  "session.open": "Sign in",
  "session.close": "Sign out",
  "session.revoke": "End a session",
  "directory.set": "Change the settings of the",
  "directory.reset": "Take away the settings of the",
  "mapping.add": "Map group",
  "mapping.remove": "Remove a role of group",
  "person.bar": "Bar",
  "person.admit": "Admit again",
  "person.roles": "Change the roles of",
};

/** What was asked for, in words (whether it was done is the outcome); an action we have no words for is shown as it is recorded. */
export function auditWords(action: string): string {
  const known = words[action];
  if (known) return known;
  const plain = action.replaceAll(/[._-]+/g, " ").trim();
  return plain === "" ? "Something" : `${plain[0]?.toUpperCase()}${plain.slice(1)}`;
}
