// Files in the application, as a person uses them in a real browser: folders, uploads by button and by
// dropping, previews, keys, names and places, trash and versions, a network that is cut in the middle of an
// upload. Watches what pages load, set and say, and runs axe on each. Usage: node app_files.mjs ORIGIN
// OUTBOX SHOTS; prints a line a check.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Walk, check, through } from './walk.mjs';
import { enter, keep, logIn, post } from './people.mjs';
import { LONG, png, wav, wire } from './samples.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();

async function rows(page) {
  return page.locator('[data-row] .entry .cut').allInnerTexts();
}
async function focused(page) {
  return page.evaluate(() => document.activeElement?.querySelector('.entry .cut')?.textContent ?? '');
}

async function begin(walk) {
  const { page } = walk;
  await page.goto(`${origin}/app`);
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: an empty workspace says so`, true);
  await walk.see('app-empty');
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Name of the folder').fill('a/b');
  await page.keyboard.press('Enter');
  check(`${walk.name}: a name with a slash is explained`, await page.getByText('no slash').isVisible());
  await walk.see('app-folder-error');
  await page.getByLabel('Name of the folder').fill('Clients');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Clients' }).waitFor();
  check(`${walk.name}: a folder is made`, (await rows(page)).includes('Clients'));
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
  check(`${walk.name}: and has the focus`, await focused(page) === 'Clients');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${origin}/app/files/Clients/`);
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
  check(`${walk.name}: Enter opens it`, true);
}

async function upload(walk) {
  const { page } = walk;
  const files = [['Offer 2027.txt', 'twelve trawlers'], ['Load.csv', 'hull,tonnes\n1,40\n']].map(([name, text]) => {
    writeFileSync(join(shots, name), text);
    return join(shots, name);
  });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Upload', exact: true }).click()]);
  await chooser.setFiles(files);
  await page.getByText('2 files kept').first().waitFor();
  await page.locator('[data-row]').nth(1).waitFor();
  check(`${walk.name}: two files are kept and in sight`, (await rows(page)).join() === 'Load.csv,Offer 2027.txt');
  const kept = await page.evaluate(async () => (await fetch('/v1/files/Clients/Offer%202027.txt')).text());
  check(`${walk.name}: word for word`, kept === 'twelve trawlers');
  await page.locator('input[type=file]').first().setInputFiles(files[0]);
  await page.getByText('Something has this name already.').waitFor();
  await walk.see('app-exists');
  await page.getByRole('button', { name: 'Keep both' }).click();
  await page.getByText('Offer 2027 (2).txt').first().waitFor();
  check(`${walk.name}: a taken name asks, and both can be kept`, true);
}

async function dropFolder(walk) {
  const { page } = walk;
  const folder = join(shots, 'Drawings');
  mkdirSync(join(folder, 'Hull'), { recursive: true });
  writeFileSync(join(folder, 'Hull', 'frames.txt'), 'frames');
  writeFileSync(join(folder, 'plan.txt'), 'plan');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  const at = { x: Math.round(page.viewportSize().width * 0.6), y: 400, data };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at });
  check(`${walk.name}: where to drop is shown`, await page.getByText('Drop to keep it in Clients').isVisible());
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at });
  await page.locator('[data-row]', { hasText: 'Drawings' }).waitFor();
  await page.getByText('2 files kept').first().waitFor();
  const inside = await page.evaluate(async () => (await fetch('/v1/files/Clients/Drawings/Hull/frames.txt')).text());
  check(`${walk.name}: a dropped folder is kept with all in it`, inside === 'frames');
}

async function look(walk, context) {
  const { page } = walk;
  await keep(context, origin, 'Clients/Site.png', png(), 'image/png');
  await keep(context, origin, 'Clients/Call.wav', wav(), 'audio/wav');
  await keep(context, origin, 'Clients/Zones.bin', Buffer.from([0, 1, 2]), 'application/octet-stream');
  await keep(context, origin, `Clients/${LONG}`, 'long');
  await page.reload();
  await page.getByRole('link', { name: 'Site.png' }).click();
  await page.locator('.preview img').waitFor();
  const wide = await page.locator('.preview img').evaluate((image) => image.decode().then(() => image.naturalWidth));
  check(`${walk.name}: a picture is shown`, wide === 120);
  await walk.see('app-picture');
  await page.keyboard.press('ArrowLeft');
  await page.locator('.preview pre').waitFor();
  check(`${walk.name}: an arrow shows the file before it`, await page.locator('.preview pre').innerText() === 'twelve trawlers');
  await walk.see('app-text');
  await page.keyboard.press('Escape');
  await page.waitForURL(`${origin}/app/files/Clients/`);
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
  check(`${walk.name}: Escape closes it, and the file has the focus`, (await focused(page)).startsWith('Offer 2027'));
  const ranges = [];
  page.on('request', (request) => new URL(request.url()).pathname === '/v1/files/Clients/Call.wav' && ranges.push(request.headers().range));
  await page.getByRole('link', { name: 'Call.wav' }).click();
  const length = await page.locator('audio').evaluate((audio) => audio.duration || new Promise((resolve) => {
    audio.onloadedmetadata = () => resolve(audio.duration);
  }));
  check(`${walk.name}: sound can be played`, length > 0.9 && length < 1.1, String(length));
  check(`${walk.name}: and is asked for by ranges`, ranges.length > 0 && ranges.every((range) => /^bytes=\d+-/.test(range ?? '')), ranges.join(' '));
  await page.goBack();
  await page.getByRole('link', { name: 'Zones.bin' }).click();
  check(`${walk.name}: what cannot be shown can be downloaded`, await page.locator('.stage').getByRole('link', { name: 'Download' }).isVisible());
  await page.keyboard.press('Escape');
  await walk.see('app-files');
}

async function keys(walk) {
  const { page } = walk;
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  check(`${walk.name}: the first link leads past the menu`, await page.evaluate(() => document.activeElement?.id) === 'main');
  await page.locator('[data-row]').first().focus();
  const names = await rows(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  check(`${walk.name}: shift and arrows select`, await page.getByText('3 selected').first().isVisible());
  await walk.see('app-selected');
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]')).catch(() => {});
  check(`${walk.name}: where nothing is selected any more, the list has the focus`, await focused(page) === names[3]);
  await page.keyboard.press('End');
  check(`${walk.name}: End goes to the last one`, await focused(page) === names.at(-1));
  await page.keyboard.press('/');
  await page.keyboard.type('trawl');
  check(`${walk.name}: nothing is called so, and it says it`, await page.getByText('Nothing here is called “trawl”.').isVisible());
  await page.getByRole('searchbox').fill('load');
  check(`${walk.name}: the filter narrows`, (await rows(page)).join() === 'Load.csv');
  await page.keyboard.press('Enter');
  check(`${walk.name}: and Enter goes into the list`, await focused(page) === 'Load.csv');
  await page.keyboard.press('Delete');
  await page.getByText('“Load.csv” deleted').first().waitFor();
  await walk.see('app-deleted');
  check(`${walk.name}: what is deleted is gone at once`, await status(page, 'Clients/Load.csv') === 404);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('[data-row]', { hasText: 'Load.csv' }).waitFor();
  check(`${walk.name}: and can be taken back`, await status(page, 'Clients/Load.csv') === 200);
  await page.getByRole('searchbox').fill('');
  await page.locator('[data-row]', { hasText: 'Load.csv' }).focus();
  await page.keyboard.press('F2');
  await page.getByLabel('New name').fill('Offer 2027.txt');
  await page.keyboard.press('Enter');
  await page.getByText('Something here has this name already.').waitFor();
  await walk.see('app-rename');
  await page.getByLabel('New name').fill('Loads.csv');
  await page.keyboard.press('Enter');
  await page.locator('[data-row]', { hasText: 'Loads.csv' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
  check(`${walk.name}: F2 gives another name, and the focus stays`, await focused(page) === 'Loads.csv');
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  check(`${walk.name}: nothing is moved to where it is`, await page.getByRole('button', { name: 'Move here' }).isDisabled());
  await page.locator('dialog[open]').getByRole('button', { name: 'Drawings' }).click();
  check(`${walk.name}: where it would go has the focus`, (await page.evaluate(() => document.activeElement?.textContent)) === 'Files / Clients / Drawings');
  await walk.see('app-move');
  await page.getByRole('button', { name: 'Move here' }).click();
  await page.getByText('Moved to Drawings').first().waitFor();
  check(`${walk.name}: it is moved into another folder`, await status(page, 'Clients/Drawings/Loads.csv') === 200);
  await page.getByRole('link', { name: 'Drawings' }).click();
  await page.locator('[data-row]', { hasText: 'Loads.csv' }).focus();
  await page.keyboard.press('F2');
  await page.getByLabel('New name').waitFor();
  await page.goBack();
  await page.locator('[data-row]', { hasText: 'Drawings' }).waitFor();
  check(`${walk.name}: no question goes with her to another folder`, await page.locator('dialog[open]').count() === 0);
}

async function trash(walk) {
  const { page } = walk;
  await page.locator('[data-row]', { hasText: 'Zones.bin' }).focus();
  await page.keyboard.press('Delete');
  await page.getByText('“Zones.bin” deleted').first().waitFor();
  await page.getByRole('link', { name: 'Trash' }).click();
  await page.locator('.rows', { hasText: 'Zones.bin' }).waitFor();
  await walk.see('app-trash');
  await page.getByRole('button', { name: 'Bring back Zones.bin' }).click();
  await page.getByText('The trash is empty.').waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('h1')).catch(() => {});
  check(`${walk.name}: the focus is on the heading when the last row is gone`, await page.evaluate(() => document.activeElement?.textContent) === 'Trash');
  check(`${walk.name}: what is in the trash comes back`, await status(page, 'Clients/Zones.bin') === 200);
  await page.goto(`${origin}/app/files/Clients/Zones.bin`);
  await page.locator('.preview').getByText('not shown here').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
  await page.keyboard.press('Delete');
  await page.getByText('“Zones.bin” deleted').first().waitFor();
  await page.goto(`${origin}/app/trash`);
  await page.getByRole('button', { name: 'Empty the trash' }).click();
  await page.route('**/v1/trash', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
  await page.locator('dialog[open]').getByRole('button', { name: 'Empty the trash' }).click();
  await page.locator('dialog[open] .wrong').waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('dialog [type=submit]')).catch(() => {});
  check(`${walk.name}: what failed can be tried again at once`, await page.evaluate(() => document.activeElement?.matches('dialog [type=submit]')));
  await page.unroute('**/v1/trash');
  await page.locator('dialog[open]').getByRole('button', { name: 'Empty the trash' }).click();
  await page.locator('.empty', { hasText: 'The trash is empty.' }).waitFor();
  check(`${walk.name}: and is gone once it is emptied`, await status(page, 'Clients/Zones.bin') === 404);
  await walk.see('app-trash-empty');
}

async function versions(walk, context) {
  const { page } = walk;
  await keep(context, origin, 'Clients/Offer 2027.txt', 'fourteen trawlers');
  await page.goto(`${origin}/app/files/Clients/Offer%202027.txt`);
  await page.locator('.preview pre', { hasText: 'fourteen' }).waitFor();
  await page.getByRole('button', { name: 'Earlier versions' }).click();
  await page.locator('dialog.sheet .rows li').first().waitFor();
  await walk.see('app-versions');
  await page.locator('dialog.sheet').getByRole('button', { name: 'Make it the file' }).first().click();
  await page.locator('.preview pre', { hasText: 'twelve' }).waitFor();
  check(`${walk.name}: an earlier version is the file again`, true);
  await page.locator('dialog.sheet').getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(`${origin}/app/files/Clients/`);
}
const status = (page, path) => page.evaluate(async (at) => (await fetch(`/v1/files/${at}`)).status, path);

async function cut(browser, email) {
  const line = await wire(origin);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await logIn(context, { origin: line.origin, email });
  const walk = new Walk(await context.newPage(), 'app-cut', true, { origin: line.origin, shots });
  const { page } = walk;
  await page.goto(`${line.origin}/app`);
  await page.getByRole('link', { name: 'Clients' }).waitFor();
  const film = join(shots, 'Film.bin');
  writeFileSync(film, Buffer.alloc(20_000_000, 7));
  line.slow(true);
  await page.locator('input[type=file]').first().setInputFiles(film);
  await page.waitForFunction(() => (document.querySelector('.uploads progress')?.value ?? 0) > 5_000_000);
  await walk.see('app-uploading');
  line.cut(true);
  await context.setOffline(true);
  await page.getByText('It goes on by itself').first().waitFor();
  check(`${walk.name}: a network that is cut is said`, await page.getByText('You are offline').isVisible());
  await walk.see('app-offline');
  const from = [];
  page.on('request', (request) => request.method() === 'PATCH' && from.push(Number(request.headers()['upload-offset'])));
  line.slow(false);
  line.cut(false);
  await context.setOffline(false);
  await page.getByText('1 file kept').first().waitFor({ timeout: 15000 });
  const size = await page.evaluate(async () => (await fetch('/v1/files/Film.bin', { method: 'HEAD' })).headers.get('content-length'));
  check(`${walk.name}: and the upload goes on by itself, where it had come`, size === '20000000' && from[0] > 0, `${size} ${from}`);
  walk.clean();
  await context.close();
  line.close();
}

/// A page that is reloaded in the middle has no file any more: the server knows what has come of it.
async function interrupted(browser, email) {
  const line = await wire(origin);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await logIn(context, { origin: line.origin, email });
  const walk = new Walk(await context.newPage(), 'app-interrupted', true, { origin: line.origin, shots });
  const { page } = walk;
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${line.origin}/app`);
  await page.getByRole('link', { name: 'Clients' }).waitFor();
  const survey = join(shots, 'Survey.bin');
  const bytes = randomBytes(64 * 1024 * 1024);
  writeFileSync(survey, bytes);
  line.slow(true);
  await page.locator('input[type=file]').first().setInputFiles(survey);
  await page.waitForFunction(() => (document.querySelector('.uploads progress')?.value ?? 0) > 10_000_000, null, { timeout: 60000 });
  line.cut(true);
  await page.getByText('It goes on by itself').first().waitFor();
  line.slow(false);
  line.cut(false);
  await page.reload();
  await page.getByRole('heading', { name: '1 upload was interrupted' }).waitFor({ timeout: 50000 });
  check(`${walk.name}: an upload that a reloaded page has left is offered`, true);
  const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
  check(`${walk.name}: and nothing of it is on the device`, stored === 0);
  await walk.see('app-interrupted');
  const other = join(shots, 'other', 'Survey.bin');
  mkdirSync(join(shots, 'other'), { recursive: true });
  writeFileSync(other, 'another');
  const panel = page.locator('section', { hasText: 'was interrupted' });
  await panel.locator('input[type=file]').setInputFiles(other);
  await page.getByText('has another size').first().waitFor();
  check(`${walk.name}: another file is told from it`, true);
  await walk.see('app-interrupted-other');
  const from = [];
  page.on('request', (request) => request.method() === 'PATCH' && from.push(Number(request.headers()['upload-offset'])));
  await panel.locator('input[type=file]').setInputFiles(survey);
  await page.getByText('1 file kept').first().waitFor({ timeout: 60000 });
  const sha = await page.evaluate(async () => {
    const all = await (await fetch('/v1/files/Survey.bin')).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', all))].map((each) => each.toString(16).padStart(2, '0')).join('');
  });
  check(`${walk.name}: the same file goes on where it had come, and is the same`,
    from[0] > 0 && sha === createHash('sha256').update(bytes).digest('hex'), `${from[0]} ${sha}`);
  line.slow(true);
  const second = join(shots, 'Sounding.bin');
  writeFileSync(second, Buffer.alloc(20_000_000, 3));
  await page.locator('input[type=file]').first().setInputFiles(second);
  await page.waitForFunction(() => (document.querySelector('.uploads progress')?.value ?? 0) > 5_000_000, null, { timeout: 60000 });
  line.slow(false);
  await page.goto('about:blank');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${line.origin}/app`);
  await page.getByRole('heading', { name: '1 upload was interrupted' }).waitFor({ timeout: 50000 });
  await walk.see('app-interrupted-narrow');
  await page.getByRole('button', { name: 'Discard Sounding.bin' }).click();
  await walk.see('app-interrupted-discard');
  await page.locator('dialog[open]').getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Discarded.').first().waitFor();
  const left = await page.evaluate(async () => (await (await fetch('/v1/uploads')).json()).uploads.length);
  check(`${walk.name}: and what is discarded is gone from the server`, left === 0, String(left));
  walk.clean();
  await context.close();
  line.close();
}

/// What befalls an upload before its end: its name is taken, its file is changed, she goes, her session ends.
async function meanwhile(browser, email) {
  const line = await wire(origin);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await logIn(context, { origin: line.origin, email });
  const walk = new Walk(await context.newPage(), 'app-meanwhile', true, { origin: line.origin, shots });
  const { page } = walk;
  const files = page.getByRole('link', { name: 'Clients' });
  const under = async (name) => {
    writeFileSync(join(shots, name), Buffer.alloc(20_000_000, 5));
    line.slow(true);
    await page.locator('input[type=file]').first().setInputFiles(join(shots, name));
    await page.waitForFunction(() => (document.querySelector('.uploads progress')?.value ?? 0) > 5_000_000, null, { timeout: 60000 });
  };
  const unfinished = () => page.evaluate(async () => (await (await fetch('/v1/uploads')).json()).uploads.length);
  await page.goto(`${line.origin}/app`);
  await files.waitFor();
  await under('Chart.bin');
  await keep(context, line.origin, 'Chart.bin', 'of somebody else');
  line.slow(false);
  await page.getByText('Something has this name already.').waitFor();
  const there = await page.evaluate(async () => (await fetch('/v1/files/Chart.bin')).text());
  check(`${walk.name}: a name that is taken in the middle asks, and nothing is replaced`, there === 'of somebody else');
  await walk.see('app-taken-meanwhile');
  await page.getByRole('button', { name: 'Keep both' }).click();
  await page.getByText('1 file kept').first().waitFor({ timeout: 30000 });
  const size = await page.evaluate(async () => (await fetch('/v1/files/Chart%20(2).bin', { method: 'HEAD' })).headers.get('content-length'));
  check(`${walk.name}: both are kept, and nothing is left over`, size === '20000000' && await unfinished() === 0, size);

  await under('Log.bin');
  writeFileSync(join(shots, 'Log.bin'), 'changed since');
  line.slow(false);
  await page.getByText('The file cannot be read any more.').waitFor({ timeout: 15000 });
  check(`${walk.name}: a file that was changed is not waited for`, true);
  await walk.see('app-unreadable');
  await page.locator('input[type=file]').first().setInputFiles(join(shots, 'Load.csv'));
  await page.getByText('1 kept, 1 not').first().waitFor();
  check(`${walk.name}: and stays in sight when another is kept`, await page.getByText('The file cannot be read any more.').isVisible());
  await page.locator('.uploads').getByRole('button', { name: 'Close' }).click();

  await under('Draft.bin');
  await page.getByRole('button', { name: 'Log out' }).click();
  const question = page.locator('dialog[open]', { hasText: '1 file is not kept yet' });
  await question.waitFor();
  await walk.see('app-leave-uploads');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  check(`${walk.name}: whoever logs out is asked first, and may stay`, await files.isVisible());
  line.slow(false);
  await page.getByText('1 file kept').first().waitFor({ timeout: 30000 });
  const before = await unfinished();
  await under('Second.bin');
  await page.getByRole('button', { name: 'Log out' }).click();
  await question.getByRole('button', { name: 'Give up and go on' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  line.slow(false);
  await logIn(context, { origin: line.origin, email });
  await page.reload();
  await files.waitFor();
  check(`${walk.name}: and what had come is given up`, await unfinished() === before && await status(page, 'Second.bin') === 404);

  await under('Third.bin');
  await post(context, line.origin, '/v1/logout');
  line.slow(false);
  await page.getByText('1 file was not kept.').first().waitFor({ timeout: 15000 });
  check(`${walk.name}: where a session ends by itself, it is said what was not kept`, await page.getByRole('heading', { name: 'Log in' }).isVisible());
  await walk.see('app-not-kept');
  walk.clean();
  await context.close();
  line.close();
}

async function silence(walk) {
  const { page } = walk;
  await page.route('**/v1/files/**', (route) => route.abort());
  await page.goto(`${origin}/app/files/`);
  await page.getByText('does not answer').waitFor();
  check(`${walk.name}: a server that is silent is said`, true);
  await walk.see('app-silent');
  await page.unroute('**/v1/files/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'Clients' }).waitFor();
  check(`${walk.name}: and asked again`, true);
  await page.goto(`${origin}/app/files/None/`);
  await page.getByText('This folder is not there.').waitFor();
  await walk.see('app-gone');
  await page.goto(`${origin}/app/nowhere`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  check(`${walk.name}: what is not there is said`, true);
}

async function leave(walk, context) {
  const { page } = walk;
  const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
  check(`${walk.name}: nothing in browser storage`, stored === 0);
  await page.goto(`${origin}/app/files/Clients/`);
  await page.route('**/v1/logout', (route) => route.abort());
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByText('You may still be logged in.').first().waitFor();
  check(`${walk.name}: who could not log out is told so`, page.url() === `${origin}/app/files/Clients/`);
  await page.unroute('**/v1/logout');
  const other = await context.newPage();
  await other.goto(`${origin}/app/files/Clients/`);
  await other.locator('[data-row]').first().waitFor();
  const shownAgain = () => other.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await other.route('**/v1/account', (route) => route.fulfill({
    status: 401, contentType: 'application/problem+json', body: JSON.stringify({ type: '/problems/unauthenticated', title: '', status: 401, detail: '' }),
  }));
  await shownAgain();
  await other.getByRole('heading', { name: 'Log in' }).waitFor();
  check(`${walk.name}: a page that the browser had put by is nobody's until it has asked`, await other.locator('[data-row]').count() === 0);
  await other.unroute('**/v1/account');
  await shownAgain();
  await other.locator('[data-row]').first().waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await other.getByRole('heading', { name: 'Log in' }).waitFor();
  check(`${walk.name}: another tab shows nothing of hers either`, await other.locator('[data-row]').count() === 0);
  check(`${walk.name}: no name of a file stays in the address`, page.url() === `${origin}/app`);
  await context.close();
}

/// In Norwegian, on a telephone, in the dark: what the first one has seen, and nothing more.
async function abroad(browser, email) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'nb-NO', hasTouch: true });
  await logIn(context, { origin, email });
  const walk = new Walk(await context.newPage(), 'app-narrow-dark-nb', true, { origin, shots });
  const { page } = walk;
  await page.goto(`${origin}/app/files/Clients/`);
  await page.locator('[data-row]').first().waitFor();
  check(`${walk.name}: it speaks Norwegian`, await page.evaluate(() => document.documentElement.lang) === 'nb');
  await walk.see('app-files');
  await page.locator('[data-row] .pick input').first().click();
  await page.getByText('1 valgt').first().waitFor();
  await walk.see('app-selected');
  await page.setViewportSize({ width: 320, height: 640 });
  await walk.see('app-320');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: 'Velg ingen' }).click();
  await walk.see('app-light');
  walk.clean();
  await context.close();
}

await through('through the application', async (browser) => {
  const { email, context, walk } = await enter(browser, 'app-wide', { origin, outbox, seen, shots });
  await begin(walk);
  await upload(walk);
  await dropFolder(walk);
  await look(walk, context);
  await keys(walk);
  await trash(walk);
  await versions(walk, context);
  await silence(walk);
  await walk.page.emulateMedia({ colorScheme: 'dark' });
  await walk.page.goto(`${origin}/app/files/Clients/`);
  await walk.page.locator('[data-row]').first().waitFor();
  await walk.see('app-dark');
  walk.clean();
  await leave(walk, context);
  await cut(browser, email);
  await interrupted(browser, email);
  await meanwhile(browser, email);
  await abroad(browser, email);
});
