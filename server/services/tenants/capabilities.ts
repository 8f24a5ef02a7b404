/** What containers of a new tenant may have: what the reference gives, without what only some hosts can grant. */
export const usualCapabilities = [
  "SETPCAP",
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "KILL",
  "SETGID",
  "SETUID",
  "NET_RAW",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "SYS_CHROOT",
  "SETFCAP",
];
