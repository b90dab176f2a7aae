// Which language to speak: the first of the browser's own that we know.
export type Language = 'en' | 'nb';

export function preferred(languages: readonly string[]): Language {
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0];
    if (primary === 'en') return 'en';
    if (primary === 'nb' || primary === 'no' || primary === 'nn') return 'nb';
  }
  return 'en';
}
