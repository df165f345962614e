/** The form of a word that goes with a number in a language. */
export function plural(language: string, count: number, forms: { one: string; other: string }): string {
  return new Intl.PluralRules(language).select(count) === "one" ? forms.one : forms.other;
}
