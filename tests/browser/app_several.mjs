// People with more than one account, and people whom an import has brought, in real browsers: somebody goes
// from one account to another and back while an old tab stays behind; somebody accepts the terms at her
// first login, and somebody else declines and holds a receipt.
// Usage: node app_several.mjs ORIGIN OUTBOX SHOTS PROGRAM; prints a line a check.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keep, logIn, post, signUp } from './people.mjs';
import { png } from './samples.mjs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';
import { en, nb } from './words.mjs';

const [origin, outbox, shots, program] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const hash = '$2b$05$C54xPnxNH7krrOcdhGZBju18G9lAnK0hpTEa8lcSuRKLGYOBNhGki';  // of `password`

const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name, exact: true });

/// A tab of Kari's account, in Norwegian, that has an earlier version of a file in sight.
async function leaveBehind(context) {
  const walk = new Walk(await context.newPage(), 'several-old-tab', true, { origin, shots });
  const { page } = walk;
  await page.goto(`${origin}/app/account`);
  await button(page, 'Norsk bokmål').click();
  await page.getByRole('link', { name: nb.nav.files, exact: true }).click();
  await page.getByRole('link', { name: 'Same.txt' }).click();
  await page.locator('.preview pre', { hasText: 'of Kari' }).waitFor();
  await button(page, nb.versions.title).click();
  const earlier = await page.locator('dialog.sheet a[download]').getAttribute('href');
  const text = await (await context.request.get(origin + earlier)).text();
  check(`${walk.name}: an earlier version is downloaded while it is hers`, text === 'earlier, of Kari');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Own.txt' }).waitFor();
  return { walk, earlier };
}

/// It means the old account: it does nothing in this one and shows nothing of it, and says so in her language.
async function comeBack({ walk, earlier }, context, olga) {
  const { page, name } = walk;
  const moved = page.locator('dialog[open]', { hasText: nb.elsewhere.title });
  const putBy = async () => {
    await moved.waitFor();
    await moved.getByRole('button', { name: nb.cancel, exact: true }).click();
    await moved.waitFor({ state: 'hidden' });
  };
  await moved.waitFor();
  check(`${name}: it is told when another tab has gone to another account`, true);
  await walk.see('told');
  await putBy();
  await page.locator('[data-row]', { hasText: 'Own.txt' }).focus();
  await page.keyboard.press('Delete');
  await putBy();
  check(`${name}: what was refused is said in her language`, await page.locator('.note-line', { hasText: nb.wrong.moved }).isVisible());
  const { entries } = await (await olga.request.get(`${origin}/v1/files/`)).json();
  check(`${name}: it does nothing in the other account`, entries.map((entry) => entry.name).sort().join() === 'Same.png,Same.txt,Tariff.txt');
  check(`${name}: an earlier version is not had from the other account`, (await context.request.get(origin + earlier)).status() === 409);
  await page.getByRole('link', { name: 'Same.png' }).click();
  await putBy();
  check(`${name}: a picture of the same name is not shown`, await page.locator('.preview .stage', { hasText: nb.preview.failed }).isVisible());
  const download = page.locator('.preview .bar a[download]');
  check(`${name}: nor downloaded`, (await context.request.get(origin + await download.getAttribute('href'))).status() === 409);
  await download.click();
  await moved.waitFor();
  check(`${name}: and whoever downloads it is told why`, true);
  await page.keyboard.press('Escape');
  await moved.waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await page.locator('[data-row]', { hasText: 'Same.txt' }).locator('input').check();
  // What a browser downloads is no answer that a walk sees: only where it would go.
  await page.evaluate(() => (HTMLAnchorElement.prototype.click = function () { globalThis.wouldAsk = this.href; }));
  await page.locator('.chosen').getByRole('button', { name: nb.files.download, exact: true }).click();
  await moved.waitFor();
  const chosen = await page.evaluate(() => globalThis.wouldAsk);
  check(`${name}: nor are files that were chosen`, chosen.includes('Same.txt') && (await context.request.get(chosen)).status() === 409);
  await moved.getByRole('button', { name: nb.elsewhere.load }).click();
  await page.getByRole('link', { name: 'Tariff.txt' }).waitFor();
  check(`${name}: loaded again, it shows the account that she is in`, await page.getByRole('link', { name: 'Own.txt' }).count() === 0);
  walk.clean();
  await page.close();
}

async function several(browser) {
  const w = en;
  const olga = await browser.newContext();
  await signUp(olga, { origin, outbox, seen, email: 'olga.several@example.com', name: 'Olga Owner' });
  await logIn(olga, { origin, email: 'olga.several@example.com' });
  await keep(olga, origin, 'Tariff.txt', 'of Olga');
  await keep(olga, origin, 'Same.txt', 'of Olga');
  await keep(olga, origin, 'Same.png', png(), 'image/png');
  await post(olga, origin, '/v1/proof', { password });
  await post(olga, origin, '/v1/invitations', { email: 'kari.several@example.com', role: 'reader' });
  const token = await code(outbox, seen);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signUp(context, { origin, outbox, seen, email: 'kari.several@example.com' });
  await logIn(context, { origin, email: 'kari.several@example.com' });
  await keep(context, origin, 'Own.txt', 'of Kari');
  await keep(context, origin, 'Same.txt', 'earlier, of Kari');
  await keep(context, origin, 'Same.txt', 'of Kari');
  await keep(context, origin, 'Same.png', png(), 'image/png');
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

  const old = await leaveBehind(context);
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
  await comeBack(old, context, olga);
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
