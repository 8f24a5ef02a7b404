/** Small choices that the server needs to render the right page at once; nothing secret, a year long. */
function keep(name: string, value: string | null): void {
  const age = value === null ? 0 : 60 * 60 * 24 * 365;
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http and in older browsers
  document.cookie = `${name}=${encodeURIComponent(value ?? "")}; path=/; max-age=${age}; samesite=lax${secure}`;
}

export type Theme = "system" | "light" | "dark";

export function currentTheme(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Takes effect at once and at the next page. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep("theme", theme === "system" ? null : theme);
}

/** The tenant to come back to from `/`, the account and the site. */
export function rememberTenant(slug: string): void {
  keep("tenant", slug);
}

/** Single-letter keys can be switched off; Ctrl/⌘ K always works. */
export function chooseShortcuts(on: boolean): void {
  keep("shortcuts", on ? null : "off");
}
