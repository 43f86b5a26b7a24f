/** Sends a file's bytes. `fetch` cannot tell how far an upload has come, so this is the one place with XMLHttpRequest. */
import { readJson, isRecord, textOf } from '../shape.ts';
import type { Answer } from './answer.ts';

export interface Upload {
  /** Told from 0 to 1. */
  progress(share: number): void;
  /** The consumer has thought better of it. */
  signal: AbortSignal;
}

export function uploadFile(path: string, token: string, { file, progress, signal }: Upload & { file: File }) {
  return new Promise<Answer<undefined>>((resolve) => {
    const request = new XMLHttpRequest();
    const refuse = (code: string) => resolve({ ok: false, status: request.status, code, retryAfter: 0 });
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) return resolve({ ok: true, value: undefined });
      const problem = readJson(request.responseText);
      return refuse((isRecord(problem) ? textOf(problem['code']) : undefined) ?? '');
    });
    request.addEventListener('error', () => refuse('no_answer'));
    request.addEventListener('abort', () => refuse('cancelled'));
    request.open('POST', path);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
