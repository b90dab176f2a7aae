// Every screen of the application as it is seen: wide and narrow, light and dark (pictures of each are left
// in SHOTS, to be looked at), at twice the size, at 320 pixels, without motion, in the colours that somebody
// has chosen for her whole system, and what a browser draws by itself in the dark. What is only seen once
// something was done is in app_sight_deeds.mjs. Usage: node app_sight.mjs ORIGIN OUTBOX SHOTS; prints a
// line a check.
import { mkdirSync } from 'node:fs';
import { keep, logIn, post, signUp } from './people.mjs';
import { LONG } from './samples.mjs';
import { Sight, settled, ways } from './sight.mjs';
import { Walk, check, code, password, through } from './walk.mjs';
import { en } from './words.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const email = 'kari.with.a.long.address.of.her.own@fiskebaatrederforeningen.example';

const doors = ['', 'signup', 'recover', 'verify', 'recover/password', 'address/confirm', 'address/undo', 'invitation'];
const screens = ['files/', 'files/Clients/', 'files/Clients/Offer%202027.txt', 'trash', 'members', 'security', 'tokens', 'account', 'cancel', 'nowhere'];
const named = (path) => path.replaceAll(/%20|\//g, '-').replace(/-$/, '') || 'log-in';

/// What a screen opens over itself, by the button that does.
const dialogs = [
  ['files/', en.files.newFolder, 'new-folder'],
  ['members', en.members.invite, 'invite'],
  ['members', en.members.handOver, 'hand-over'],
  ['tokens', en.tokens.make, 'make-token'],
  ['account', `${en.account.change} ${en.account.address}`, 'change-address'],
  ['security', en.security.changePassword, 'change-password'],
];

async function look(browser, way, options, storageState) {
  for (const [paths, state] of [[doors, undefined], [screens, storageState]]) {
    const context = await browser.newContext({ ...options, storageState: state });
    const sight = new Sight(await context.newPage(), way, { origin, shots });
    for (const path of paths) {
      await sight.page.goto(`${origin}/app${path && `/${path}`}`);
      await sight.look(named(path));
    }
    for (const [path, opener, called] of state ? dialogs : []) {
      await sight.page.goto(`${origin}/app/${path}`);
      await settled(sight.page);
      await sight.page.getByRole('button', { name: opener, exact: true }).click();
      await sight.page.locator('dialog[open]').waitFor();
      await sight.look(called);
    }
    sight.whole(state ? 'inside' : 'doors');
    await context.close();
  }
}

const moving = (page) => page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => {
  const { transitionDuration, animationName } = getComputedStyle(one);
  return /[1-9]/.test(transitionDuration) || animationName !== 'none';
}).length);

async function stillness(browser, storageState) {
  const count = {};
  for (const reducedMotion of ['no-preference', 'reduce']) {
    const context = await browser.newContext({ reducedMotion, storageState });
    const page = await context.newPage();
    await page.goto(`${origin}/app/members`);
    await settled(page);
    await page.getByRole('button', { name: en.members.invite }).click();
    count[reducedMotion] = await moving(page);
    await context.close();
  }
  check('sight: who wants no motion gets none', count.reduce === 0 && count['no-preference'] > 0, JSON.stringify(count));
}

const style = (locator, ...names) => locator.evaluate((one, wanted) => {
  const all = getComputedStyle(one);
  return wanted.map((name) => all.getPropertyValue(name));
}, names);

async function chosenColours(browser, storageState) {
  const context = await browser.newContext({ forcedColors: 'active', storageState });
  const walk = new Walk(await context.newPage(), 'sight-forced', false, { origin, shots });
  const { page } = walk;
  await page.goto(`${origin}/app/files/Clients/`);
  await page.locator('[data-row]').first().focus();
  await page.keyboard.press(' ');
  await page.getByText(en.files.selected(1)).first().waitFor();
  const [outline] = await style(page.locator('[aria-selected=true]').first(), 'outline-style');
  check('sight-forced: what is selected is seen to be', outline !== 'none', outline);
  const current = await style(page.locator('.rail [aria-current]'), 'border-top-color');
  const other = await style(page.locator('.rail nav a:not([aria-current])').first(), 'border-top-color');
  check('sight-forced: where she is is seen in the menu', current.join() !== other.join(), `${current} ${other}`);
  await walk.see('files');
  await page.goto(`${origin}/app/account`);
  await settled(page);
  const chosen = page.locator('.choice[aria-pressed=true]');
  const left = page.locator('.choice[aria-pressed=false]');
  check('sight-forced: what is chosen is seen to be', (await style(chosen, 'outline-style')).join() !== (await style(left, 'outline-style')).join());
  await left.focus();
  await page.keyboard.press('Shift+Tab');
  check('sight-forced: the focus is seen', (await style(page.locator(':focus'), 'outline-style')).join() !== 'none');
  await walk.see('account');
  await page.goto(`${origin}/app/tokens`);
  await page.getByRole('button', { name: en.tokens.make }).click();
  await page.getByLabel('Read files').check();
  await walk.see('make-token');
  await context.close();
  const stranger = await browser.newContext({ forcedColors: 'active' });
  const door = await stranger.newPage();
  await door.goto(`${origin}/app/signup`);
  const [appearance] = await style(door.locator('#terms'), 'appearance');
  check('sight-forced: a tick is drawn by the browser', appearance === 'auto', appearance);
  await stranger.close();
}

/// What the browser draws by itself goes with the rest.
async function inTheDark(browser, storageState) {
  const backgrounds = {};
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme, storageState });
    const page = await context.newPage();
    await page.goto(`${origin}/app/tokens`);
    await page.getByRole('button', { name: en.tokens.make }).click();
    const box = page.getByLabel('Read files');
    const [scheme, accent] = await style(box, 'color-scheme', 'accent-color');
    const ours = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.setProperty('color', 'var(--accent)');
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    check(`sight: in the ${colorScheme}, what the browser draws is of our colours`, scheme.includes(colorScheme) && accent === ours, `${scheme} ${accent} ${ours}`);
    [backgrounds[colorScheme]] = await style(page.locator('body'), 'background-color');
    await context.close();
  }
  check('sight: the dark is another paper', backgrounds.light !== backgrounds.dark);
}

async function furnish(browser) {
  const context = await browser.newContext();
  await signUp(context, { origin, outbox, seen, email: 'olga.sight@example.com', name: 'Olga Owner' });
  await logIn(context, { origin, email: 'olga.sight@example.com' });
  await post(context, origin, '/v1/proof', { password });
  await post(context, origin, '/v1/invitations', { email, role: 'member' });
  const token = await code(outbox, seen);
  await context.clearCookies();
  await signUp(context, { origin, outbox, seen, email, name: 'Kari Wilhelmine Nordmann-Fiskebåtreder' });
  await logIn(context, { origin, email });
  await post(context, origin, '/v1/invitations/accept', { token });
  for (const [path, body] of [['Clients/Offer 2027.txt', 'Twelve trawlers.\n'], [`Clients/${LONG}`, 'x'], ['Clients/Drawings/Hull.bin', 'x'],
    ['Old/Letter.txt', 'x'], ['Budget.csv', 'a,b\n1,2\n']]) await keep(context, origin, path, body);
  await post(context, origin, '/v1/files/Old/Letter.txt', undefined, 'DELETE');
  await post(context, origin, '/v1/proof', { password });
  await post(context, origin, '/v1/tokens', { name: 'Nightly upload', scopes: ['files:read', 'files:write'], expires_in_days: 30, password });
  await post(context, origin, '/v1/invitations', { email: 'mona.member@example.com', role: 'reader' });
  await post(context, origin, '/v1/invitations/signup', { token: await code(outbox, seen), legal_name: 'Mona Member',
    password, adult_professional: true, terms: '1', notice: '1' });
  await post(context, origin, '/v1/invitations', { email: 'nils.waits@example.com', role: 'admin' });
  const state = await context.storageState();
  await context.close();
  return state;
}

await through('by sight', async (browser) => {
  const state = await furnish(browser);
  for (const [way, options] of Object.entries(ways)) await look(browser, way, options, state);
  await look(browser, '320', { viewport: { width: 320, height: 568 }, locale: 'en-GB' }, state);
  // 1280 by 800 at 200 %: what was 2 pixels is one.
  await look(browser, 'zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, state);
  await stillness(browser, state);
  await chosenColours(browser, state);
  await inTheDark(browser, state);
});
