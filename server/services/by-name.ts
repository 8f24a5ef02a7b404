const { compare } = new Intl.Collator("en", { numeric: true });

/** The order of names that people expect: flights-2 before flights-10. For `sort`. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => compare(a.name, b.name);
