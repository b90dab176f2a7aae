// Where in the application we are: an address under /app/, which the browser's own buttons move.
import { filesRoot, fromPage, parent } from './paths';

const screens = [
  'account',
  'security',
  'members',
  'tokens',
  'trash',
  'links',
  'cancel',
  'signup',
  'recover',
  'verify',
  'recover/password',
  'address/confirm',
  'address/undo',
  'invitation',
] as const;
type Screen = (typeof screens)[number];

/** What a mailed link leads to: whoever comes by one is shown it, logged in or not. */
const byMail: readonly string[] = screens.slice(screens.indexOf('verify'));

type Route =
  { screen: 'files'; folder: string; file: string | undefined } | { screen: Screen | 'missing' };

function routeOf(pathname: string): Route {
  if (pathname === '/app' || pathname === '/app/' || `${pathname}/` === filesRoot)
    return { screen: 'files', folder: '', file: undefined };
  if (pathname.startsWith(filesRoot)) {
    const path = fromPage(pathname);
    const file = path !== '' && !path.endsWith('/');
    return { screen: 'files', folder: file ? parent(path) : path, file: file ? path : undefined };
  }
  const screen = screens.find((name) => pathname === `/app/${name}`);
  return { screen: screen ?? 'missing' };
}

class Router {
  pathname = $state(location.pathname);
  route = $derived(routeOf(this.pathname));
  byMail = $derived(byMail.includes(this.route.screen));

  go(to: string, { replace = false } = {}) {
    if (to === location.pathname) return;
    if (replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    this.pathname = to;
  }
  /** Follows the page's own links without loading it again. */
  follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !/^\/app(\/|$)/.test(link.pathname)) return;
    // Within the page, such as to its content, the browser leads.
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname);
  };
}
export const router = new Router();
addEventListener('popstate', () => (router.pathname = location.pathname));
