// What mailed links lead to in the application, with real mails out of the outbox: an address is proved, a
// new one confirmed and undone, a password set anew, an invitation taken by somebody new and by somebody
// who is there, or declined; wide in English, on a telephone in the dark in Norwegian, and without script.
// Usage: node app_mailed.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { logIn, post } from './people.mjs';
import { Walk, allHeld, check, link, openBrowser, password } from './walk.mjs';
import { en, nb } from './words.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const stamp = Date.now();
const another = 'a gull over the harbour';
const person = { legal_name: 'Kari Nordmann', adult_professional: true, terms: '1', notice: '1' };

const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const ask = (path, data) => fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(data),
  headers: { Origin: origin, 'Content-Type': 'application/json' } });

/// Opens a mailed link; its code must be nowhere but in the page's own memory and in requests' bodies.
async function follow(walk, mail) {
  const { page } = walk;
  const sent = [];
  const watch = (request) => sent.push(request.url(), request.headers().referer ?? '');
  page.on('request', watch);
  await page.goto(`${origin}${mail.path}#token=${mail.token}`);
  await page.locator('.door h1').waitFor();
  page.off('request', watch);
  const kept = await page.evaluate(() => [location.href, JSON.stringify(history.state), document.title, document.referrer,
    ...performance.getEntries().map((entry) => entry.name)].join(' '));
  // The navigation's own entry is what the link was; nothing else has it.
  const navigation = `${origin}${mail.path}#token=${mail.token}`;
  check(`${walk.name}: ${mail.path}: the code is neither in the address nor in what is asked for`,
    !kept.replaceAll(navigation, '').includes(mail.token) && !page.url().includes(mail.token)
    && !sent.some((text) => text.replace(navigation, '').includes(mail.token)));
}

async function ended(walk, mail, act, next) {
  const { page } = walk;
  await follow(walk, mail);
  await act?.();
  await heading(page, walk.w.mailed.over).waitFor();
  check(`${walk.name}: ${mail.path}: a used link says so, and what to do next`, await page.locator('.door').getByRole('link', { name: next, exact: true }).isVisible());
  await walk.see(`${mail.path.slice(5).replace('/', '-')}-over`);
}

async function verify(walk, email) {
  const { page, w } = walk;
  await ask('/v1/signup', { ...person, email, password });
  const mail = await link(outbox, seen);
  check(`${walk.name}: the mail of a sign-up leads into the application`, mail.path === '/app/verify', mail.path);
  await follow(walk, mail);
  await walk.see('verify');
  await page.getByLabel(w.proof.password).fill('not this password');
  await button(page, w.mailed.verifyDo).click();
  await page.getByText(w.mailed.verifyWrong).waitFor();
  check(`${walk.name}: another password makes no account, and the link is good still`, true);
  await walk.see('verify-wrong');
  await page.getByLabel(w.proof.password).fill(password);
  await button(page, w.mailed.verifyDo).click();
  await page.getByText(w.files.empty).waitFor();
  check(`${walk.name}: mail and password open the account`, page.url() === `${origin}/app`);
  await ended(walk, mail, async () => {
    await page.getByLabel(w.proof.password).fill(password);
    await button(page, w.mailed.verifyDo).click();
  }, w.mailed.signUpAgain);
  // By hand: what was typed wrong is told like what is over.
  await button(page, w.mailed.another).click();
  await page.getByLabel(w.mailed.code).fill('nonsense');
  await page.getByLabel(w.proof.password).fill(password);
  await button(page, w.mailed.verifyDo).click();
  await heading(page, w.mailed.over).waitFor();
}

async function addresses(walk, context, email) {
  const { page, w } = walk;
  const moved = `moved-${email}`;
  await post(context, origin, '/v1/account/address', { email: moved, password });
  const confirm = await link(outbox, seen);
  await follow(walk, confirm);
  await heading(page, w.mailed.confirm.title).waitFor();
  await walk.see('address-confirm');
  await button(page, w.mailed.confirm.act).click();
  await heading(page, w.mailed.confirm.done).waitFor();
  await walk.see('address-confirmed');
  check(`${walk.name}: the new address logs in`, (await ask('/v1/login', { email: moved, password })).status === 200);
  await ended(walk, confirm, () => button(page, w.mailed.confirm.act).click(), w.mailed.toAccount);
  const undo = await link(outbox, seen);
  await follow(walk, undo);
  await heading(page, w.mailed.undo.title).waitFor();
  await walk.see('address-undo');
  await button(page, w.mailed.undo.act).click();
  await heading(page, w.mailed.undo.done).waitFor();
  await walk.see('address-undone');
  check(`${walk.name}: and does not once it is undone`, (await ask('/v1/login', { email: moved, password })).status === 401);
  const mail = await link(outbox, seen);
  await ended(walk, undo, () => button(page, w.mailed.undo.act).click(), w.mailed.askPassword);
  return mail;
}

async function newPassword(walk, context, email, mail) {
  const { page, w } = walk;
  await follow(walk, mail);
  await heading(page, w.doors.recover).waitFor();
  await page.getByLabel(w.security.newPassword).fill('short');
  await button(page, w.mailed.passwordDo).click();
  await page.getByText(w.doors.shortPassword).waitFor();
  await page.getByLabel(w.security.newPassword).fill('kari nordmann');
  await button(page, w.mailed.passwordDo).click();
  await page.getByText(w.mailed.weakPassword).waitFor();
  check(`${walk.name}: why a password is none is said`, true);
  await walk.see('password-weak');
  await page.getByLabel(w.security.newPassword).fill(another);
  await button(page, w.mailed.passwordDo).click();
  await heading(page, w.mailed.passwordSet).waitFor();
  await walk.see('password-set');
  check(`${walk.name}: the new password opens the account`, (await ask('/v1/login', { email, password: another })).status === 200);
  await ended(walk, mail, async () => {
    await page.getByLabel(w.security.newPassword).fill(another);
    await button(page, w.mailed.passwordDo).click();
  }, w.mailed.askAgain);
  await page.getByRole('link', { name: w.mailed.askAgain }).click();
  await heading(page, w.doors.recover).waitFor();
  check(`${walk.name}: another link is one press away`, page.url() === `${origin}/app/recover`);
}

async function invite(owner, email) {
  const { account } = await (await owner.request.get(`${origin}/v1/account`)).json();
  await post(owner, origin, '/v1/proof', { password });
  await post(owner, origin, '/v1/invitations', { email, role: 'member' });
  return { account, mail: await link(outbox, seen) };
}

async function invitations(walk, browser, context, { email, owner }) {
  const { page, w } = walk;
  // Somebody new.
  const mona = `mona-${email}`;
  const first = await invite(owner, mona);
  await context.clearCookies();
  await follow(walk, first.mail);
  await page.getByText(w.mailed.invitedBy('Olga Owner', owner.email)).waitFor();
  check(`${walk.name}: an invitation says who gave the address`, true);
  await walk.see('invitation');
  await button(page, w.mailed.join).click();
  await page.getByText(w.doors.fillIn).waitFor();
  await page.getByLabel(w.doors.name).fill('Mona Member');
  await page.getByLabel(w.proof.password).fill('mona member');
  await page.getByLabel(w.doors.professional).check();
  await page.getByLabel(w.doors.accept).check();
  await button(page, w.mailed.join).click();
  await page.locator('.errors').waitFor();
  await walk.see('invitation-wrong');
  await page.getByLabel(w.proof.password).fill(password);
  await button(page, w.mailed.join).click();
  await page.getByText(w.mailed.joined).first().waitFor();
  check(`${walk.name}: somebody new joins by it, and is in`, page.url() === `${origin}/app`);
  await walk.see('joined');
  await ended(walk, first.mail, undefined, w.doors.logIn);

  // Somebody who has an account: logged in as another, at the door, and inside.
  const second = await invite(owner, email);
  await follow(walk, second.mail);
  await page.getByText(w.mailed.otherAddress(mona, email)).waitFor();
  check(`${walk.name}: whoever is logged in as another is told`, true);
  await walk.see('invitation-other');
  await button(page, w.nav.out).click();
  await page.getByLabel(w.proof.password).fill(another);
  await walk.see('invitation-log-in');
  await button(page, w.doors.logIn).click();
  await button(page, w.mailed.join).click();
  await page.getByText(w.mailed.joined).first().waitFor();
  const { account } = await (await context.request.get(`${origin}/v1/account`)).json();
  check(`${walk.name}: somebody known logs in there, joins, and is in that account`, account === second.account);

  // Declined.
  const third = await invite(owner, `nils-${email}`);
  await follow(walk, third.mail);
  await button(page, w.doors.decline).click();
  await heading(page, w.mailed.declined).waitFor();
  await walk.see('invitation-declined');
  check(`${walk.name}: an invitation is declined`, (await ask('/v1/invitations/look', { token: third.mail.token })).status === 404);
}

async function walkThrough(browser, name, w, options) {
  const context = await browser.newContext(options);
  const walk = new Walk(await context.newPage(), `mailed-${name}`, true, { origin, shots });
  walk.w = w;
  const email = `kari-${name}-${stamp}@example.com`;
  const owner = await browser.newContext();
  owner.email = `olga-${name}-${stamp}@example.com`;
  await ask('/v1/signup', { ...person, legal_name: 'Olga Owner', email: owner.email, password });
  await ask('/v1/verify', { token: (await link(outbox, seen)).token, password });
  await logIn(owner, { origin, email: owner.email });
  await verify(walk, email);
  const mail = await addresses(walk, context, email);
  await newPassword(walk, context, email, mail);
  await invitations(walk, browser, context, { email, owner });
  const stored = await walk.page.evaluate(() => localStorage.length + sessionStorage.length);
  check(`${walk.name}: nothing in browser storage`, stored === 0);
  walk.clean();
  await context.close();
  await owner.close();
}

/// Whoever has no script is led to the page that takes the code by hand.
async function withoutScript(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const walk = new Walk(await context.newPage(), 'mailed-no-script', false, { origin, shots });
  const { page } = walk;
  await ask('/v1/signup', { ...person, email: `kari-plain-${stamp}@example.com`, password });
  const { path, token } = await link(outbox, seen);
  await page.goto(`${origin}${path}#token=${token}`);
  await walk.see('verify');
  await page.getByRole('link', { name: 'Confirm your address' }).click();
  await page.fill('[name=token]', token);
  await page.fill('[name=password]', password);
  await page.locator('form[method=post] button').last().click();
  await page.waitForURL(/\/app$/);
  check('mailed-no-script: the code is typed by hand, and opens the account', (await context.cookies()).some(({ name }) => name.includes('session')));
  walk.clean();
  await context.close();
}

const browser = await openBrowser();
try {
  await walkThrough(browser, 'wide', en, { viewport: { width: 1280, height: 800 } });
  await walkThrough(browser, 'narrow-dark-nb', nb, { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'nb-NO' });
  await withoutScript(browser);
} catch (error) {
  check('the walk of the mailed links goes to its end', false, error.stack.split('\n').slice(0, 6).join(' | '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
