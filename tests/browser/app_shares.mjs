// Links to files and folders, as those who make them and those who follow them see them in a real browser:
// made by key and by button, listed, revoked; followed without an account, with a password, into folders,
// with pictures, sound, film and PDF. Usage: node app_shares.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { Walk, check, through } from './walk.mjs';
import { enter, keep, logIn } from './people.mjs';
import { LONG, film, pdf, png, wav } from './samples.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const PASSWORD = 'herring and cod';

async function fill(context, page) {
  await keep(context, origin, 'Clients/Offer.txt', 'twelve trawlers');
  await keep(context, origin, 'Clients/Site.png', png(), 'image/png');
  await keep(context, origin, 'Clients/Call.wav', wav(), 'audio/wav');
  await keep(context, origin, 'Clients/Plan.pdf', pdf(), 'application/pdf');
  await keep(context, origin, 'Clients/Zones.bin', Buffer.from([0, 1, 2]), 'application/octet-stream');
  await keep(context, origin, 'Clients/Hull & keel #2/Frames 100%.txt', 'frames');
  await keep(context, origin, `Clients/${LONG}`, 'long');
  await page.goto(`${origin}/app`);
  await page.getByRole('link', { name: 'Clients' }).waitFor();
  await keep(context, origin, 'Clients/Film.webm', await film(page), 'video/webm');
}

async function make(walk) {
  const { page } = walk;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Links' }).click();
  await page.getByText('Nothing is shared by a link.').waitFor();
  check(`${walk.name}: that nothing is shared is said`, page.url() === `${origin}/app/links`);
  await walk.see('links-empty');
  await page.goto(`${origin}/app/files/Clients/`);
  await page.locator('[data-row]', { hasText: 'Offer.txt' }).focus();
  await page.keyboard.press('s');
  await page.getByRole('heading', { name: 'Share “Offer.txt”' }).waitFor();
  await walk.see('share');
  await page.getByLabel('Password, if you want one').fill('short');
  await page.keyboard.press('Enter');
  await page.getByText('A password has 8 characters or more.').waitFor();
  await walk.see('share-error');
  await page.getByLabel('Password, if you want one').fill('');
  await page.getByLabel('It ends after').selectOption('1');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('heading', { name: 'Your link' }).waitFor();
  const file = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  check(`${walk.name}: a key makes a link to a file`, file.startsWith(`${origin}/s/`), file.slice(0, 40));
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await page.getByText('Copied.').first().waitFor();
  check(`${walk.name}: and it can be copied`, await page.evaluate(() => navigator.clipboard.readText()) === file);
  await walk.see('share-made');
  await page.locator('dialog[open]').getByRole('button', { name: 'Close' }).click();
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
  check(`${walk.name}: the file has the focus again`, true);
  await page.keyboard.press('Backspace');
  await page.getByRole('heading', { name: 'Files' }).waitFor();
  await page.locator('[data-row]', { hasText: 'Clients' }).locator('input').click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByLabel('Password, if you want one').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const folder = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.locator('dialog[open]').getByRole('button', { name: 'Close' }).click();
  await page.goto(`${origin}/app/files/Clients/Offer.txt`);
  await page.locator('.preview').getByRole('button', { name: 'Share' }).click();
  await page.getByRole('heading', { name: 'Links to it' }).waitFor();
  check(`${walk.name}: which links lead to a file is shown where it is shared`, await page.locator('dialog.sheet .rows li').count() === 1);
  await walk.see('share-there');
  await page.locator('dialog.sheet').getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('Escape');
  await page.goto(`${origin}/app/links`);
  await page.locator('.rows li').nth(1).waitFor();
  const names = await page.locator('.rows strong').allInnerTexts();
  check(`${walk.name}: all links are listed, the newest first`, names.map((name) => name.trim()).join() === 'Clients,Offer.txt', names.join());
  check(`${walk.name}: and which has a password`, await page.getByText('with a password').count() === 1);
  await walk.see('links');
  return { file, folder };
}

async function silence(walk) {
  const { page } = walk;
  await page.route('**/v1/shares', (route) => route.abort());
  await page.reload();
  await page.getByText('does not answer').waitFor();
  check(`${walk.name}: a server that is silent about links is said`, true);
  await walk.see('links-silent');
  await page.unroute('**/v1/shares');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.rows li').nth(1).waitFor();
  await walk.page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await walk.see('links-offline');
  await page.getByRole('button', { name: 'Revoke Offer.txt' }).click();
  await page.locator('dialog[open]').getByRole('button', { name: 'Revoke' }).click();
  await page.locator('dialog[open]').getByText('does not answer').waitFor();
  check(`${walk.name}: what could not be revoked is said where it was asked`, true);
  await walk.page.context().setOffline(false);
  await page.locator('dialog[open]').getByRole('button', { name: 'Cancel' }).click();
}

async function followFile(walk, link) {
  const { page } = walk;
  const answer = await page.goto(link);
  const said = await answer.allHeaders();
  check(`${walk.name}: the page's address goes nowhere and is kept nowhere`,
    said['referrer-policy'] === 'no-referrer' && said['cache-control'] === 'no-store' && (said['x-robots-tag'] ?? '').includes('noindex'),
    JSON.stringify(said));
  await page.locator('pre', { hasText: 'twelve trawlers' }).waitFor();
  check(`${walk.name}: a file is shown by its name`, await page.getByRole('heading', { level: 1 }).innerText() === 'Offer.txt');
  check(`${walk.name}: with its size, and until when`, await page.getByText('15 bytes').isVisible() && await page.getByText('The link leads here until').isVisible());
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  check(`${walk.name}: and can be downloaded`, download.suggestedFilename() === 'Offer.txt' && Buffer.concat(chunks).toString() === 'twelve trawlers');
  check(`${walk.name}: whose service it is stands there, and its notice`,
    await page.getByRole('link', { name: 'What we do with personal data' }).getAttribute('href') === '/notice'
      && (await page.locator('.brand').innerText()).length > 0);
  await walk.see('link-file');
  const scripts = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js')));
  check(`${walk.name}: nothing of the workspace is loaded`, scripts.length > 0 && !scripts.some((name) => /\/(app|Files|Account)-/.test(name)), scripts.join(' '));
}

async function followFolder(walk, link) {
  const { page } = walk;
  await page.goto(link);
  await page.getByRole('heading', { name: 'This link has a password' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.type === 'password');
  await walk.see('link-locked');
  await page.getByLabel('Password').fill('herring and crab');
  await page.keyboard.press('Enter');
  await page.getByText('This is not the link’s password.').waitFor();
  check(`${walk.name}: a wrong password is said, and the field has the focus`, await page.evaluate(() => document.activeElement?.type) === 'password');
  await walk.see('link-wrong');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
  const names = await page.locator('.rows .entry .cut').allInnerTexts();
  check(`${walk.name}: the right one opens the folder`, names.length === 8 && names[0] === 'Hull & keel #2', names.join());
  const drawn = await page.locator('.rows .entry svg path').evaluateAll((paths) => new Set(paths.map((path) => path.getAttribute('d'))).size);
  check(`${walk.name}: a folder, a picture, a sound, a film and the rest have icons of their own`, drawn === 5, String(drawn));
  await walk.see('link-folder');
  await page.getByRole('link', { name: 'Hull & keel #2' }).click();
  await page.getByRole('link', { name: 'Frames 100%.txt', exact: false }).first().click();
  await page.locator('pre', { hasText: 'frames' }).waitFor();
  check(`${walk.name}: and what is in folders of it`, await page.getByRole('heading', { level: 1 }).innerText() === 'Frames 100%.txt');
  check(`${walk.name}: no name in what the server is told of the page`, new URL(page.url()).pathname === new URL(link).pathname);
  await page.reload();
  await page.locator('pre', { hasText: 'frames' }).waitFor();
  check(`${walk.name}: a reload stays there, and asks for no password`, true);
  await walk.see('link-deep');
  await page.getByRole('navigation').getByRole('link', { name: 'Hull & keel #2' }).click();
  await page.getByRole('heading', { name: 'Hull & keel #2' }).waitFor();
  await page.goBack();
  await page.locator('pre', { hasText: 'frames' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Clients' }).click();
  await page.getByRole('heading', { name: 'Clients', exact: true }).waitFor();
}

async function media(walk) {
  const { page } = walk;
  const answers = [];
  page.on('response', (response) => response.request().resourceType() === 'media'
    && answers.push(`${response.status()} ${response.headers()['content-range'] ?? ''} ${response.request().headers().range ?? ''}`));
  const open = async (name) => {
    await page.getByRole('link', { name: `File${name}` }).or(page.locator('.entry', { hasText: name })).first().click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const back = async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('heading', { name: 'Clients', exact: true }).waitFor();
  };
  await open('Site.png');
  const wide = await page.locator('.stage img').evaluate((image) => image.decode().then(() => image.naturalWidth));
  check(`${walk.name}: a picture is shown`, wide === 120);
  await walk.see('link-picture');
  await back();
  await open('Call.wav');
  const length = await page.locator('audio').evaluate((audio) => audio.duration || new Promise((resolve) => { audio.onloadedmetadata = () => resolve(audio.duration); }));
  check(`${walk.name}: sound can be played, by ranges`, length > 0.9 && answers.some((answer) => /^206 bytes 0-\d+\/8044 bytes=0-/.test(answer)), answers.join(', '));
  await walk.see('link-sound');
  await back();
  answers.length = 0;
  await open('Film.webm');
  const shown = await page.locator('video').evaluate(async (video) => {
    if (video.readyState < 1) await new Promise((resolve) => { video.onloadedmetadata = resolve; });
    video.muted = true;
    await video.play();
    await new Promise((resolve) => { video.ontimeupdate = () => video.currentTime > 0 && resolve(); });
    return [video.videoWidth, video.videoHeight].join();
  });
  check(`${walk.name}: film is played, by ranges`, shown === '160,90' && answers.some((answer) => answer.startsWith('206 bytes 0-')), `${shown} ${answers}`);
  await walk.see('link-film');
  await back();
  const sent = page.waitForResponse((response) => response.url().endsWith('/Plan.pdf'));
  await open('Plan.pdf');
  const source = await page.locator('iframe').getAttribute('src');
  const type = (await sent).headers()['content-type'];
  check(`${walk.name}: a PDF is shown out of what was fetched`, source.startsWith(`blob:${origin}`) && type === 'application/pdf', `${source} ${type}`);
  await walk.see('link-pdf');
  await back();
  await open('Zones.bin');
  await page.getByText('This kind of file is not shown here.').waitFor();
  check(`${walk.name}: what is not shown can be downloaded`, await page.getByRole('link', { name: 'Download' }).isVisible());
  await back();
}

async function withoutServer(walk, link) {
  const { page } = walk;
  await page.route('**/v1/links/**', (route) => route.abort());
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByText('The server does not answer.').waitFor();
  await walk.see('link-silent');
  await page.unroute('**/v1/links/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.rows li').first().waitFor();
  check(`${walk.name}: a server that is silent is said, and asked again`, true);
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  check(`${walk.name}: so is a network that is gone`, true);
  await page.context().setOffline(false);
}

async function nowhere(owner, guest, { file, folder }) {
  const { page } = owner;
  await page.goto(`${origin}/app/links`);
  for (const name of ['Offer.txt', 'Clients']) {
    await page.getByRole('button', { name: `Revoke ${name}` }).click();
    if (name === 'Offer.txt') await owner.see('links-revoke');
    await page.locator('dialog[open]').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: `Revoke ${name}` }).waitFor({ state: 'detached' });
  }
  await page.getByText('Nothing is shared by a link.').waitFor();
  check(`${owner.name}: links are revoked once it is confirmed`, true);
  const texts = [];
  for (const link of [file, folder, `${origin}/s/none`, `${file}x`]) {
    await guest.page.goto('about:blank');
    await guest.page.goto(link);
    await guest.page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
    texts.push(await guest.page.locator('.linked').innerText());
  }
  check(`${guest.name}: revoked and unknown links say the same`, new Set(texts).size === 1, texts.join(' | '));
  await guest.see('link-nowhere');
}

/// In Norwegian, on a telephone, in the dark.
async function abroad(browser, { folder, file }, email) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'nb-NO', hasTouch: true });
  const walk = new Walk(await context.newPage(), 'shares-narrow-dark-nb', true, { origin, shots });
  const { page } = walk;
  await page.goto(folder);
  await page.getByRole('heading', { name: 'Denne lenken har et passord' }).waitFor();
  await walk.see('link-locked');
  await page.getByLabel('Passord').fill(PASSWORD);
  await page.getByRole('button', { name: 'Åpne' }).click();
  await page.locator('.rows li').first().waitFor();
  check(`${walk.name}: it speaks Norwegian`, await page.evaluate(() => document.documentElement.lang) === 'nb');
  await walk.see('link-folder');
  await page.locator('.entry', { hasText: 'Site.png' }).click();
  await page.locator('.stage img').waitFor();
  await walk.see('link-picture');
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(file);
  await page.locator('pre').waitFor();
  await walk.see('link-320');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'light' });
  await walk.see('link-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await logIn(context, { origin, email });
  await page.goto(`${origin}/app/files/Clients/`);
  await page.locator('[data-row]').first().waitFor();
  await page.locator('.beside').getByRole('link', { name: 'Lenker' }).click();
  await page.locator('.rows li').first().waitFor();
  check(`${walk.name}: links stand under files in a menu that has no room for them`,
    await page.locator('.rail nav a[aria-current]:visible').innerText() === 'Filer');
  await walk.see('links');
  await page.goto(`${origin}/app/files/Clients/`);
  await page.locator('[data-row] .pick input').nth(1).click();
  await page.getByRole('button', { name: 'Del', exact: true }).click();
  await page.locator('dialog[open]').waitFor();
  await walk.see('share');
  walk.clean();
  await context.close();
}

await through('through links', async (browser) => {
  const { email, context, walk: owner } = await enter(browser, 'shares-wide', { origin, outbox, seen, shots });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await fill(context, owner.page);
  const links = await make(owner);
  await silence(owner);
  const strangers = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const guest = new Walk(await strangers.newPage(), 'shares-guest', true, { origin, shots });
  const referrers = [];
  guest.page.on('request', (request) => request.headers().referer?.includes('/s/') && referrers.push(request.headers().referer));
  await followFile(guest, links.file);
  check(`${guest.name}: a link without a password sets nothing`, (await strangers.cookies()).length === 0
    && await guest.page.evaluate(() => localStorage.length + sessionStorage.length) === 0);
  await followFolder(guest, links.folder);
  await media(guest);
  await withoutServer(guest, links.folder);
  check(`${guest.name}: no request says from which link it comes`, referrers.length === 0, referrers.join(' '));
  await abroad(browser, links, email);
  await owner.page.emulateMedia({ colorScheme: 'dark' });
  await owner.see('links-dark');
  await nowhere(owner, guest, links);
  owner.clean();
  guest.clean();
});
