import type { Socket } from 'node:net';
import { Problem } from '../world/problem.ts';
import { problemDocument } from './problem-answer.ts';

/** What is no HTTP request at all: answered as any other fault where that is still possible, and the connection ends (LD-10). */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemDocument(new Problem('invalid_body', 'The request is not valid HTTP.')));
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
