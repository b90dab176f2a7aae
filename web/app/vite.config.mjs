// How the application is built: hashed files beside the server's other assets, and a manifest that
// tells the server which of them its page begins with. No script stands in the page itself.
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/assets/',
  publicDir: false,
  cacheDir: '../../build/vite',
  logLevel: 'warn',
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  build: {
    target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: { app: 'src/main.ts', link: 'src/link/main.ts' },
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
  test: { include: ['src/**/*_test.ts', '../../client/*_test.ts'] },
});
