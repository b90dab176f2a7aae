// Makes client/schema.ts from the description of the JSON face: node client/generate.mjs [--check]
// With --check it writes nothing, and fails where the file is not what the description says now.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../src/api/openapi.json', import.meta.url);
const schema = new URL('schema.ts', import.meta.url);
const head = `// Made from src/api/openapi.json by client/generate.mjs. Change that one, and run this again.\n\n`;

const made = head + astToString(await openapiTS(description));
if (!process.argv.includes('--check')) {
  writeFileSync(schema, made);
} else if (readFileSync(schema, 'utf8') !== made) {
  console.error('client/schema.ts is not what src/api/openapi.json says: node client/generate.mjs');
  process.exit(1);
}
