// Which language the application speaks: the first of the browser's own that it knows, or the one
// that was chosen since the page was opened. It is kept nowhere.
import { en, type Words } from '../words/en';
import { nb } from '../words/nb';

export type Language = 'en' | 'nb';

function preferred(languages: readonly string[]): Language {
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0];
    if (primary === 'en') return 'en';
    if (primary === 'nb' || primary === 'no' || primary === 'nn') return 'nb';
  }
  return 'en';
}

class Spoken {
  language = $state<Language>(preferred(navigator.languages));
  get words(): Words {
    return this.language === 'nb' ? nb : en;
  }
  choose(language: Language) {
    this.language = language;
    document.documentElement.lang = language;
  }
}
export const spoken = new Spoken();
