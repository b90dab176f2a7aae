// People with more than one account, and people whom an import has brought, in real browsers: somebody goes
// from one account to another and back while an old tab stays behind; somebody accepts the terms at her
// first login, and somebody else declines and holds a receipt.
// Usage: node app_several.mjs ORIGIN OUTBOX SHOTS PROGRAM; prints a line a check.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keep, logIn, post, signUp } from './people.mjs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';
import { en, nb } from './words.mjs';

const [origin, outbox, shots, program] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const hash = '$2b$05$C54xPnxNH7krrOcdhGZBju18G9lAnK0hpTEa8lcSuRKLGYOBNhGki';  // of `password`

const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name, exact: true });

async function several(browser) {
  const w = en;
  const olga = await browser.newContext();
  await signUp(olga, { origin, outbox, seen, email: 'olga.several@example.com', name: 'Olga Owner' });
  await logIn(olga, { origin, email: 'olga.several@example.com' });
  await keep(olga, origin, 'Tariff.txt', 'of Olga');
  await post(olga, origin, '/v1/proof', { password });
  await post(olga, origin, '/v1/invitations', { email: 'kari.several@example.com', role: 'reader' });
  const token = await code(outbox, seen);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signUp(context, { origin, outbox, seen, email: 'kari.several@example.com' });
  await logIn(context, { origin, email: 'kari.several@example.com' });
  await keep(context, origin, 'Own.txt', 'of Kari');
  const walk = new Walk(await context.newPage(), 'several', true, { origin, shots });
  const { page } = walk;
  await page.goto(`${origin}/app/account`);
  await heading(page, w.account.title).waitFor();
  check('several: whoever has one account is offered no other', await heading(page, w.account.accounts).count() === 0);
  await post(context, origin, '/v1/invitations/accept', { token });
  await page.reload();
  await heading(page, w.account.accounts).waitFor();
  const hers = page.locator('.rows li');
  check('several: both accounts are listed, and which one she is in', await hers.count() === 2
    && await hers.filter({ hasText: 'Kari Nordmann' }).getByText(w.account.current).isVisible());
  await walk.see('accounts');

  const behind = await context.newPage();
  await behind.goto(`${origin}/app`);
  await behind.getByRole('link', { name: 'Own.txt' }).waitFor();
  // A file that does not arrive is not left behind without a word.
  await page.route('**/v1/files/Held.txt', () => undefined);
  await page.getByRole('link', { name: w.nav.files, exact: true }).click();
  await page.locator('input[type=file]').first().setInputFiles({ name: 'Held.txt', mimeType: 'text/plain', buffer: Buffer.from('held') });
  await page.locator('.uploads').waitFor();
  await page.getByRole('link', { name: w.nav.account, exact: true }).click();
  const over = page.getByRole('button', { name: `${w.account.moveTo} ${w.account.accountOf('Olga Owner')}` });
  const leaving = page.locator('dialog[open]', { hasText: w.uploads.leaveTitle(1) });
  await over.click();
  await leaving.getByRole('button', { name: w.cancel, exact: true }).click();
  await leaving.waitFor({ state: 'hidden' });
  check('several: whoever goes while a file is under way is asked first', await hers.filter({ hasText: 'Kari Nordmann' }).getByText(w.account.current).isVisible()
    && await page.locator('.uploads', { hasText: 'Held.txt' }).isVisible());
  await over.click();
  await leaving.getByRole('button', { name: w.uploads.leave, exact: true }).click();
  await page.getByRole('link', { name: 'Tariff.txt' }).waitFor();
  check('several: she is in the other account', await page.getByRole('link', { name: 'Own.txt' }).count() === 0);
  check('several: her role there is another', await button(page, w.files.upload).count() === 0);
  await walk.see('other-account');
  // The old tab means the old account, and does nothing in this one.
  await behind.locator('[data-row]', { hasText: 'Own.txt' }).focus();
  await behind.keyboard.press('Delete');
  await behind.locator('.note-line').first().waitFor();
  const listed = await (await olga.request.get(`${origin}/v1/files/`)).json();
  check('several: an old tab does nothing in the other account', listed.entries.map(({ name }) => name).join() === 'Tariff.txt');
  await behind.screenshot({ path: join(shots, 'several-old-tab.png') });
  await behind.close();
  // It is offered to her, and hers once she accepts.
  const { members } = await (await olga.request.get(`${origin}/v1/members`)).json();
  await post(olga, origin, '/v1/account/hand-over', { to: members.find(({ legal_name: name }) => name === 'Kari Nordmann').id });
  await page.goto(`${origin}/app/members`);
  await button(page, w.members.accept).click();
  const question = page.locator('dialog[open]');
  await page.getByText(w.members.accepted).or(question).first().waitFor();
  if (await question.isVisible()) {
    await question.getByLabel(w.proof.password).fill(password);
    await question.getByRole('button', { name: w.proof.go }).click();
  }
  await page.getByText(w.members.accepted).first().waitFor();
  await page.goto(`${origin}/app/account`);
  await heading(page, w.account.accounts).waitFor();
  check('several: whoever accepts an account owns it, and may end it', await page.getByRole('link', { name: w.account.cancel }).isVisible());
  await page.getByRole('button', { name: `${w.account.moveTo} ${w.account.accountOf('Kari Nordmann')}` }).click();
  await page.getByRole('link', { name: 'Own.txt' }).waitFor();
  check('several: and back, where everything is as it was', await button(page, w.files.upload).count() === 1);
  walk.clean();
  await context.close();
  await olga.close();
}

async function arrive(browser) {
  const people = join(shots, 'people.json');
  writeFileSync(people, JSON.stringify(['kari', 'ola'].map((name) => ({ email: `${name}.moved@example.com`,
    legal_name: `${name} nordmann`, language: 'nb', password_hash: hash }))));
  execFileSync(program, ['account', 'import', people, '--data', dirname(outbox)]);
  const halfWay = async (name, w, options) => {
    const context = await browser.newContext(options);
    const walk = new Walk(await context.newPage(), `arrival-${name}`, true, { origin, shots });
    walk.w = w;
    await walk.page.goto(`${origin}/app/trash`);
    await walk.page.getByLabel(w.doors.address).fill(`${name}.moved@example.com`);
    await walk.page.getByLabel(w.proof.password).fill(password);
    await walk.page.keyboard.press('Enter');
    await heading(walk.page, w.doors.welcome).waitFor();
    check(`${walk.name}: nothing is open before she has accepted`, (await context.request.get(`${origin}/v1/account`)).status() === 401);
    check(`${walk.name}: the question has the focus`, await walk.page.evaluate(() => document.activeElement?.tagName === 'H1'));
    return { context, walk };
  };
  const kari = await halfWay('kari', en, { viewport: { width: 1280, height: 800 } });
  const { page } = kari.walk;
  await button(page, en.doors.goOn).click();
  check('arrival-kari: both have to be ticked', await page.getByText(en.doors.tickThis).count() === 2);
  await kari.walk.see('acceptance');
  await page.getByLabel(en.doors.professional).check();
  await page.getByLabel(en.doors.accept).check();
  await button(page, en.doors.goOn).click();
  await heading(page, en.nav.trash).waitFor();
  check('arrival-kari: whoever accepts is where she wanted to go', page.url() === `${origin}/app/trash`);
  kari.walk.clean();
  await kari.context.close();

  const ola = await halfWay('ola', nb, { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'nb-NO' });
  await ola.walk.see('acceptance');
  await button(ola.walk.page, nb.doors.decline).click();
  await heading(ola.walk.page, nb.receipt.title).waitFor();
  await ola.walk.page.locator('.checks .holds').nth(3).waitFor();
  check('arrival-ola: whoever declines holds a receipt, and it holds', await ola.walk.page.locator('.checks .broken').count() === 0);
  await ola.walk.see('receipt');
  const again = await ola.context.request.post(`${origin}/v1/login`, { headers: { Origin: origin },
    data: { email: 'ola.moved@example.com', password } });
  check('arrival-ola: and nothing of her is left', again.status() === 401);
  ola.walk.clean();
  await ola.context.close();
}

const browser = await openBrowser();
try {
  await several(browser);
  await arrive(browser);
} catch (error) {
  check('the walk of several accounts goes to its end', false, error.stack.split('\n').slice(0, 6).join(' | '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
