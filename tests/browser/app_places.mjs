// Where things stay in the application, in a real browser: what was dropped, and what is downloaded, with
// the folder that it began in wherever she goes meanwhile; the focus, with the next row where its own is
// gone. Usage: node app_places.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, keep, logIn, post } from './people.mjs';
import { check, code, password, through } from './walk.mjs';
import { en } from './words.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();

const row = (page, name) => page.locator('[data-row]', { hasText: name });
const names = async (context, folder) => {
  const { entries } = await (await context.request.get(`${origin}/v1/files/${folder}`)).json();
  return entries.map(({ name }) => name).sort().join();
};

/// From Clients to Other by the menu and a row, as quickly as a hand can.
async function elsewhere(page) {
  await page.locator('.crumbs a').first().click();
  await page.getByRole('link', { name: 'Other' }).click();
  await page.getByRole('heading', { name: 'Other', exact: true }).waitFor();
}

async function dropped({ walk, context }) {
  const { page } = walk;
  const folder = join(shots, 'Dropped');
  mkdirSync(join(folder, 'Empty'), { recursive: true });
  for (const name of ['plan.txt', 'rig.txt']) writeFileSync(join(folder, name), name);
  await page.goto(`${origin}/app/files/Clients/`);
  await row(page, 'a.txt').waitFor();
  // What is in it is known only when its empty folder has been made.
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route('**/Empty/', async (route) => {
    await held;
    await route.continue();
  });
  const session = await context.newCDPSession(page);
  const at = { x: 800, y: 400, data: { items: [], files: [folder], dragOperationsMask: 1 } };
  const asked = page.waitForRequest((request) => request.url().endsWith('/Empty/'));
  for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, ...at });
  await asked;
  await elsewhere(page);
  go();
  await page.getByText(en.uploads.done(2)).first().waitFor();
  check(`${walk.name}: what was dropped is kept where it was dropped`, await names(context, 'Clients/Dropped/') === 'Empty,plan.txt,rig.txt');
  check(`${walk.name}: and nothing of it where she has gone`, await names(context, 'Other/') === 'a.txt,b.txt,c.txt'
    && await row(page, 'Dropped').count() === 0);
  await page.unroute('**/Empty/');
}

async function downloaded({ walk }) {
  const { page } = walk;
  await page.goto(`${origin}/app/files/Clients/`);
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await row(page, name).locator('input').check();
  const begun = [];
  page.on('download', (download) => begun.push(download));
  await page.locator('.chosen').getByRole('button', { name: en.files.download, exact: true }).click();
  await elsewhere(page);
  const early = begun.length;
  while (begun.length < 3) await page.waitForEvent('download', { timeout: 10000 });
  const found = [];
  for (const download of begun) {
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    found.push(`${download.suggestedFilename()} ${Buffer.concat(chunks)}`);
  }
  check(`${walk.name}: she has gone before the last has begun`, early < 3, String(early));
  check(`${walk.name}: several downloads are of the folder in which they were chosen`,
    found.sort().join() === 'a.txt of Clients,b.txt of Clients,c.txt of Clients', found.join());
}

/// What has the focus, and the row it is in; once no dialog is open.
async function focus(page) {
  await page.waitForFunction(() => !document.querySelector('dialog[open]') && document.activeElement !== document.body);
  return page.evaluate(() => ({
    row: document.activeElement.closest('li')?.textContent ?? '',
    text: document.activeElement.textContent.trim(),
  }));
}

async function links({ walk, context }) {
  const { page } = walk;
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await post(context, origin, '/v1/shares', { path: `Clients/${name}` });
  await page.goto(`${origin}/app/links`);
  const revoke = async (name) => {
    await page.locator('.rows li', { hasText: name }).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').getByRole('button', { name: 'Revoke' }).press('Enter');
    await page.locator('.rows li', { hasText: name }).waitFor({ state: 'detached' });
    return focus(page);
  };
  await page.locator('.rows li').nth(2).waitFor();
  const order = await page.locator('.rows li strong').allInnerTexts();
  const [first, second, third] = order.map((name) => name.trim());
  check(`${walk.name}: the focus goes to the link that has come to the place of the one revoked`, (await revoke(second)).row.includes(third));
  check(`${walk.name}: and from the last one to the one before it`, (await revoke(third)).row.includes(first));
  check(`${walk.name}: and from the only one to the heading`, (await revoke(first)).text === 'Links');
  for (const name of ['b.txt', 'c.txt']) await post(context, origin, '/v1/shares', { path: `Clients/${name}` });
  await post(context, origin, '/v1/workspace/move', { from: 'Clients/b.txt', to: 'Other/moved.txt' });
  await post(context, origin, '/v1/files/Clients/c.txt', undefined, 'DELETE');
  await page.reload();
  await page.locator('.rows li').nth(1).waitFor();
  check(`${walk.name}: a link whose file was moved is listed with what that is called now`,
    await page.locator('.rows li', { hasText: 'moved.txt' }).getByText('moved since, was Clients/b.txt').isVisible());
  check(`${walk.name}: and one whose file was deleted as one that leads nowhere`,
    await page.locator('.rows li', { hasText: 'c.txt' }).getByText('leads nowhere').isVisible());
  await walk.see('links-led');
}

async function members({ walk, context }, browser) {
  const { page } = walk;
  const others = ['Mona Member', 'Nina Member'];
  for (const name of others) {
    const email = `${name[0]}${Date.now()}@example.com`;
    await post(context, origin, '/v1/invitations', { email, role: 'member' });
    const her = await browser.newContext();
    await post(her, origin, '/v1/invitations/signup', { token: await code(outbox, seen), legal_name: name, password,
      adult_professional: true, terms: '1', notice: '1' });
    await her.close();
  }
  for (const name of ['olga', 'pia']) await post(context, origin, '/v1/invitations', { email: `${name}.waits@example.com`, role: 'reader' });
  await page.goto(`${origin}/app/members`);
  const withdraw = async (email) => {
    const it = page.locator('.rows li', { hasText: email });
    await it.getByRole('button').press('Enter');
    await it.waitFor({ state: 'detached' });
    return focus(page);
  };
  await page.locator('.rows li', { hasText: 'waits@' }).nth(1).waitFor();
  const waiting = await page.locator('.rows li', { hasText: 'waits@' }).allInnerTexts();
  const [first, second] = waiting.map((text) => /\w+\.waits@example\.com/.exec(text)[0]);
  check(`${walk.name}: the focus goes to the next invitation`, (await withdraw(first)).row.includes(second));
  check(`${walk.name}: and from the last one to a heading`, (await withdraw(second)).text === en.members.title);
  const takeOut = async (name) => {
    const it = page.locator('.rows li', { hasText: name });
    await it.getByRole('button', { name: en.members.remove }).press('Enter');
    await page.locator('dialog[open]').getByRole('button', { name: en.members.remove, exact: true }).press('Enter');
    await it.waitFor({ state: 'detached' });
    return focus(page);
  };
  const listed = (await page.locator('.rows li strong').allInnerTexts()).filter((name) => others.includes(name));
  check(`${walk.name}: the focus goes to the next member`, (await takeOut(listed[0])).row.includes(listed[1]));
  await takeOut(listed[1]);
  check(`${walk.name}: and stays in the page when the last is out`, await page.evaluate(() => document.activeElement !== document.body));
}

async function security({ walk, email }, browser) {
  const { page } = walk;
  for (let count = 0; count < 3; count += 1) {
    const other = await browser.newContext({ userAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:12${count}.0) Gecko/20100101 Firefox/12${count}.0` });
    await logIn(other, { origin, email });
    await other.close();
  }
  await page.goto(`${origin}/app/security`);
  const ends = page.locator('section[aria-labelledby=sessions] .rows li').getByRole('button');
  await ends.nth(2).waitFor();
  const end = async () => {
    const before = await ends.count();
    await ends.first().press('Enter');
    await page.waitForFunction((count) => document.querySelectorAll('section[aria-labelledby=sessions] .rows button').length < count, before);
    return focus(page);
  };
  const next = await end();
  check(`${walk.name}: the focus goes to the next session`, next.row.includes('Firefox'), next.text);
  await end();
  check(`${walk.name}: and from the last one to their heading`, (await end()).text === en.security.sessions);
}

await through('of what stays where it is', async (browser) => {
  const her = await enter(browser, 'places', { origin, outbox, seen, shots });
  for (const folder of ['Clients', 'Other'])
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await keep(her.context, origin, `${folder}/${name}`, `of ${folder}`);
  await dropped(her);
  await downloaded(her);
  await links(her);
  await members(her, browser);
  await security(her, browser);
  her.walk.clean();
});
