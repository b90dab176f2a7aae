// Runs the examples of docs/api/passkeys.md as they stand, in a browser with a virtual authenticator, and
// holds what they log against the comment behind it.
// Usage: node passkeys_page.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { readFileSync } from 'node:fs';
import { allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox] = process.argv.slice(2);
const text = readFileSync(new URL('../../docs/api/passkeys.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```js\n(.*?)```/gs)].map((found) => found[1]);
const promised = examples.flatMap((example) => [...example.matchAll(/console\.log\(.*\);  \/\/ (.*)$/gm)])
  .map((found) => found[1]);

const post = (path, body) => fetch(origin + path, { method: 'POST', body: JSON.stringify(body),
  headers: { Origin: origin, 'Content-Type': 'application/json' } });

const browser = await openBrowser();
try {
  await post('/v1/signup', { legal_name: 'Kari Nordmann', email: 'kari@example.com', password,
    adult_professional: true, terms: '1', notice: '1' });
  await post('/v1/verify', { token: await code(outbox, new Set()), password });

  const page = await browser.newPage();
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
    hasResidentKey: true, hasUserVerification: true, isUserVerified: true } });
  await page.goto(`${origin}/login`);
  await page.fill('[name=email]', 'kari@example.com');
  await page.fill('[name=password]', password);
  await Promise.all([page.waitForNavigation(), page.press('[name=password]', 'Enter')]);

  const said = await page.evaluate(`(async () => {
    const said = [], console = { log: (value) => said.push(JSON.stringify(value)) };
    ${examples.join('\n')}
    return said;
  })()`).catch((wrong) => [wrong.message]);
  check('docs/api/passkeys.md shows each of its five uses', examples.length === 6 && promised.length === 5);
  check('docs/api/passkeys.md works as written', JSON.stringify(said) === JSON.stringify(promised), said.join(' '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
