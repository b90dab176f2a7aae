// Which language the application speaks: the first of the browser's own that it knows, or the one
// that was chosen since the page was opened. It is kept nowhere.
import { en, type Words } from '../words/en';
import { nb } from '../words/nb';
import { preferred, type Language } from './preferred';

export type { Language };

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
