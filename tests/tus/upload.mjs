// Uploads a file with tus-js-client as a browser would, and says what happens, a line each:
//   node upload.mjs URL TOKEN FILE PATH [chunk bytes]
// `at N` after each part that the server has acknowledged, `done URL` at the end.
import { createReadStream, statSync } from "node:fs";
import tus from "tus-js-client";

const [, , url, token, file, path, chunk] = process.argv;
const upload = new tus.Upload(createReadStream(file), {
  endpoint: `${url}/v1/uploads`,
  uploadSize: statSync(file).size,
  chunkSize: chunk === undefined ? 1 << 20 : Number(chunk),
  retryDelays: Array(60).fill(500),
  headers: { Authorization: `Bearer ${token}` },
  metadata: { path, filetype: "image/jpeg" },
  onChunkComplete: (_size, sent) => console.log(`at ${sent}`),
  onSuccess: () => console.log(`done ${upload.url}`),
  onError: (wrong) => {
    console.log(`error ${wrong}`);
    process.exit(1);
  },
});
upload.start();
