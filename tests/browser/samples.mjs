// What walks show and send: a picture, a sound, a PDF, and a line between browser and server that can be
// slow or cut.
import { connect, createServer } from 'node:net';
import { crc32, deflateSync } from 'node:zlib';

/// A name that is longer than any row has room for.
export const LONG = `${'Fiskebåtrederforeningens protokoll fra det ekstraordinære årsmøtet '.repeat(3).trim()}.txt`;

/// A picture of 120 by 80, of one colour.
export function png() {
  const chunk = (type, data) => {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4);
    data.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(120, 0);
  head.writeUInt32BE(80, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.from([0, ...Array.from({ length: 120 }, () => [13, 92, 83]).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: 80 }, () => row)));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/// A second of silence, which a browser can play.
export function wav() {
  const samples = 8000;
  const out = Buffer.alloc(44 + samples, 128);
  out.write('RIFF', 0);
  out.writeUInt32LE(36 + samples, 4);
  out.write('WAVEfmt ', 8);
  out.writeUInt32LE(16, 16);
  out.set([1, 0, 1, 0], 20);
  out.writeUInt32LE(8000, 24);
  out.writeUInt32LE(8000, 28);
  out.set([1, 0, 8, 0], 32);
  out.write('data', 36);
  out.writeUInt32LE(samples, 40);
  return out;
}

/// One empty page.
export function pdf() {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>'];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj${object}endobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n${places.join('')}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text);
}

/// A second of film, made by the browser itself.
export async function film(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm' });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    for (let at = 0; at < 10; at += 1) {
      context.fillStyle = at % 2 ? '#0d5c53' : '#e6f0ec';
      context.fillRect(0, 0, 160, 90);
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/// Stands between browser and server, and can be cut: then there is no connection, old or new.
export async function wire(origin) {
  const port = Number(new URL(origin).port);
  const open = new Set();
  let cut = false, slow = false;
  const server = createServer((near) => {
    if (cut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => { open.delete(socket); near.destroy(); far.destroy(); });
    }
    near.on('data', (bytes) => {
      far.write(bytes);
      if (!slow) return;
      near.pause();
      setTimeout(() => near.resume(), 50);
    });
    far.pipe(near);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${server.address().port}`,
    slow(yes) { slow = yes; },
    cut(yes) { cut = yes; if (yes) for (const socket of open) socket.destroy(); },
    close() { cut = true; for (const socket of open) socket.destroy(); server.close(); },
  };
}
