// A mail server for tests (npm's smtp-server): accepts, or behaves as the recipient's name asks.
//   node smtp.mjs DIRECTORY [--tls implicit|starttls|none] [--cert FILE --key FILE] [--user U --password P]
// Prints `port N`, then a line of JSON for each thing that happens: {what, to, id}. Whole mails go to
// DIRECTORY/N.eml, in the order in which they were accepted. Names: `later` 451 at RCPT for the first
// two attempts, `later.data` the same after DATA, `never` 550 at RCPT, `never.data` 554 after DATA,
// `slow` waits 3 s, `cut` breaks the connection within DATA once, `lost` takes the mail and breaks the
// connection before it answers, once.
import { writeFileSync, readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [directory, ...rest] = process.argv.slice(2);
const options = {};
for (let i = 0; i < rest.length; i += 2) options[rest[i].slice(2)] = rest[i + 1];
const tls = options.tls ?? 'none';

const say = (what, more = {}) => process.stdout.write(JSON.stringify({ what, ...more }) + '\n');
const attempts = new Map();
let count = 0;

function refusal(code, text) {
  const error = new Error(text);
  error.responseCode = code;
  return error;
}
const name = (address) => address.slice(0, address.indexOf('@')).split('+')[0];
/// Which attempt this is, from 1.
function attempt(stage, address) {
  const key = `${stage} ${address}`;
  attempts.set(key, (attempts.get(key) ?? 0) + 1);
  return attempts.get(key);
}

const server = new SMTPServer({
  secure: tls === 'implicit',
  disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(options.user ? [] : ['AUTH'])],
  cert: options.cert && readFileSync(options.cert),
  key: options.key && readFileSync(options.key),
  authOptional: !options.user,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  logger: false,
  onAuth(auth, session, done) {
    const right = auth.username === options.user && auth.password === options.password;
    say(right ? 'login' : 'login refused', { secure: session.secure });
    done(right ? null : refusal(535, '5.7.8 no'), right ? { user: 'mailer' } : undefined);
  },
  onMailFrom(address, session, done) {
    done(options.user && !session.user ? refusal(530, '5.7.0 log in first') : null);
  },
  onRcptTo({ address }, session, done) {
    const who = name(address);
    if (who === 'never') {
      say('refused', { to: address });
      return done(refusal(550, `5.1.1 <${address}> no such mailbox`));
    }
    if (who === 'later' && attempt('rcpt', address) <= 2) {
      say('later', { to: address });
      return done(refusal(451, `4.7.1 <${address}> try again`));
    }
    return done();
  },
  onData(stream, session, done) {
    const to = session.envelope.rcptTo[0].address;
    const who = name(to);
    const parts = [];
    if (who === 'cut' && attempt('cut', to) === 1) {
      say('cut', { to });
      session.cut = true;
      for (const connection of server.connections) connection._socket.destroy();
      return;
    }
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      const mail = Buffer.concat(parts);
      const id = /^Message-ID: (.*)$/im.exec(mail.toString())?.[1].trim();
      if (who === 'never.data') {
        say('refused', { to, id });
        return done(refusal(554, '5.7.1 not this'));
      }
      if (who === 'later.data' && attempt('data', to) <= 2) {
        say('later', { to, id });
        return done(refusal(452, '4.3.1 no room'));
      }
      count += 1;
      writeFileSync(`${directory}/${String(count).padStart(4, '0')}.eml`, mail);
      say('accepted', { to, id, secure: session.secure, user: session.user ?? '' });
      if (who === 'lost' && attempt('lost', to) === 1) {
        for (const connection of server.connections) connection._socket.destroy();
        return undefined;
      }
      return setTimeout(done, who === 'slow' ? 3000 : 0);
    });
  },
});
server.on('error', (error) => say('error', { code: error.code ?? '' }));
server.listen(Number(options.port ?? 0), '127.0.0.1', () => say('port', { port: String(server.server.address().port) }));
