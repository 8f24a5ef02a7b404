const words: Record<string, string> = {
  "cluster.create": "Created the cluster",
  "cluster.resize": "Changed the workers of",
  "cluster.stop": "Stopped",
  "cluster.start": "Started",
  "cluster.retry": "Tried again",
  "cluster.delete": "Deleted the cluster",
  "cluster.open": "Opened",
  "service.restart": "Restarted a service of",
  "volume.delete": "Deleted the volume",
  "token.create": "Created the token",
  "token.revoke": "Revoked the token",
  "session.open": "Signed in",
  "session.refuse": "Sign-in refused",
  "session.revoke": "Ended a session",
  "session.close": "Signed out",
};

/** What was done, in words; an action we have no words for is shown as it is recorded. */
export function auditWords(action: string): string {
  const known = words[action];
  if (known) return known;
  const plain = action.replaceAll(/[._-]+/g, " ").trim();
  return plain === "" ? "Did something" : `${plain[0]?.toUpperCase()}${plain.slice(1)}`;
}
