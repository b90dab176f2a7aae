// The code of a mailed link. It stands behind the #, where servers do not see it: it is taken from
// there at once, so that it stays neither in the address nor in the history. Nothing happens before she
// presses a button: a mail filter that opens links must not confirm anything.
class Mailed {
  token = $state('');
  /** How many links were taken: each begins its screen anew. */
  count = $state(0);

  take = () => {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (!token) return;
    history.replaceState(null, '', location.pathname);
    this.token = token;
    this.count += 1;
  };
}
export const mailed = new Mailed();
mailed.take();
// Another link, into the same page.
addEventListener('hashchange', mailed.take);
