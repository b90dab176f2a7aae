// What the application says, by the names that it has for it: walks in several languages look for the
// same thing in other words.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

async function said(language) {
  const text = readFileSync(new URL(`../../web/app/src/words/${language}.ts`, import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: 'esnext', target: 'es2022' } });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`))[language];
}
export const en = await said('en');
export const nb = await said('nb');
