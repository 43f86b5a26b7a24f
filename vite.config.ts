import { defineConfig } from 'vite';

/**
 * Builds the pages' scripts and styles into `dist/web`, with `manifest.json` naming each entry's files: the server
 * renders the HTML around them. Nothing is inlined, so the pages live under `script-src 'self'; style-src 'self'`.
 * No `root` here: the test runner reads this file too, and its tests stand in every folder.
 */
export default defineConfig({
  publicDir: false,
  base: './',
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: { input: { chat: 'web/chat/main.tsx', start: 'web/start/main.tsx' } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
