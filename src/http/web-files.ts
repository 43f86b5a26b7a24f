import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Log } from '../world/world.ts';
import type { App } from './app.ts';

const Manifest = Type.Record(
  Type.String(),
  Type.Object({
    file: Type.String(),
    name: Type.Optional(Type.String()),
    isEntry: Type.Optional(Type.Boolean()),
    css: Type.Optional(Type.Array(Type.String())),
    imports: Type.Optional(Type.Array(Type.String())),
  }),
);
type Manifest = Static<typeof Manifest>;

export interface WebFiles {
  /** Scripts and styles of a built page, by the name of its entry. */
  entry(name: string): { scripts: string[]; styles: string[] };
}

/** Serves the built pages' files under `/web/`; their names carry a hash of their content, so they never change. Warns when there are none. */
export async function serveWebFiles(app: App, { root, log }: { root: string; log: Log }): Promise<WebFiles> {
  const assets = join(root, 'assets');
  if (existsSync(assets)) {
    await app.register(fastifyStatic, {
      root: assets,
      prefix: '/web/assets/',
      index: false,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply) => reply.header('cache-control', 'public, max-age=31536000, immutable'),
    });
  }
  const files = createWebFiles(join(root, 'manifest.json'));
  if (files.entry('chat').scripts.length === 0) log.warn({}, 'the pages are not built: npm run build:web');
  return files;
}

/** Reads the manifest again when it was written anew, so a build while the server runs is seen. */
export function createWebFiles(path: string): WebFiles {
  let read: { at: number; manifest: Manifest } = { at: 0, manifest: {} };
  function manifest(): Manifest {
    if (!existsSync(path)) return {};
    const at = statSync(path).mtimeMs;
    if (at !== read.at) {
      const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
      read = { at, manifest: Check(Manifest, parsed) ? parsed : {} };
    }
    return read.manifest;
  }
  return { entry: (name) => filesOf(manifest(), name) };
}

export function filesOf(manifest: Manifest, name: string): { scripts: string[]; styles: string[] } {
  const entry = Object.values(manifest).find((chunk) => chunk.isEntry === true && chunk.name === name);
  const chunks = new Set<Manifest[string]>();
  function collect(chunk: Manifest[string] | undefined): void {
    if (!chunk || chunks.has(chunk)) return;
    chunks.add(chunk);
    for (const imported of chunk.imports ?? []) collect(manifest[imported]);
  }
  collect(entry);
  const url = (file: string) => `/web/${file}`;
  const styles = [...new Set([...chunks].flatMap((chunk) => chunk.css ?? []))].map(url);
  return { scripts: entry ? [url(entry.file)] : [], styles };
}
