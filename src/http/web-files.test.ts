import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../world/world.ts';
import { renderShell } from './page-shell.ts';
import fastify from 'fastify';
import { filesOf, serveWebFiles } from './web-files.ts';

describe('built pages', () => {
  test("an entry's own files and those of what it imports, each once", () => {
    const manifest = {
      'web/chat/main.tsx': {
        file: 'assets/chat-1.js',
        name: 'chat',
        isEntry: true,
        css: ['assets/chat-1.css'],
        imports: ['_shared.js'],
      },
      'web/start/main.tsx': { file: 'assets/start-1.js', name: 'start', isEntry: true },
      '_shared.js': {
        file: 'assets/shared-1.js',
        css: ['assets/shared-1.css', 'assets/chat-1.css'],
        imports: ['web/chat/main.tsx'],
      },
    };
    expect(filesOf(manifest, 'chat')).toEqual({
      scripts: ['/web/assets/chat-1.js'],
      styles: ['/web/assets/chat-1.css', '/web/assets/shared-1.css'],
    });
    expect(filesOf(manifest, 'unknown')).toEqual({ scripts: [], styles: [] });
  });

  test('without built pages the log says at the start how to build them; with them it says nothing', async () => {
    const said: string[] = [];
    const log = { ...silentLog, warn: (_about: object, text: string) => void said.push(text) };
    const root = mkdtempSync(join(tmpdir(), 'errand-web-'));
    const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
    await serveWebFiles(app, { root, log });
    expect(said).toEqual(['the pages are not built: npm run build:web']);
    const chat = { file: 'assets/chat-1.js', name: 'chat', isEntry: true };
    writeFileSync(join(root, 'manifest.json'), JSON.stringify({ 'web/chat/main.tsx': chat }));
    await serveWebFiles(app, { root, log });
    expect(said).toHaveLength(1);
    rmSync(root, { recursive: true });
  });

  test("XS-03: a bot's name is text wherever the page shows it", () => {
    const html = renderShell({
      title: '</title><script>x()</script>',
      locale: 'en',
      data: { 'bot-name': '"><img onerror=x()>' },
      assets: { scripts: [], styles: [] },
    });
    expect(html).not.toMatch(/<script>|<img/);
  });
});
