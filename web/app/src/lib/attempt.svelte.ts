// One try of something that may be refused: under way or not, and what went wrong, as a sentence.
import { spoken } from './language.svelte';
import { sentence } from './wrong';

/** What went wrong, where the form itself says more about it than the service. */
type Explain = (wrong: unknown) => string | undefined;

export class Attempt {
  busy = $state(false);
  wrong = $state('');

  async at(what: () => Promise<void>, explain?: Explain) {
    if (this.busy) return;
    this.busy = true;
    this.wrong = '';
    try {
      await what();
    } catch (failure) {
      this.wrong = explain?.(failure) ?? sentence(failure, spoken.words);
    }
    this.busy = false;
  }
  /** As what a form does. */
  on = (what: () => Promise<void>, explain?: Explain) => (event: SubmitEvent) => {
    event.preventDefault();
    void this.at(what, explain);
  };
}
