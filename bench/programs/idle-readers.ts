/** Holds event streams open and reads what comes. */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { answerQuestions } from '../process.ts';

export interface Readers {
  origin: string;
  /** One request each; path and session token. */
  streams: { path: string; token: string }[];
}

let open: Socket[] = [];
/** So many connect at once. */
const batch = 100;

answerQuestions(async (question: Readers | { close: true }) => {
  if ('close' in question) {
    for (const socket of open) socket.destroy();
    open = [];
    return;
  }
  const { hostname, port, host } = new URL(question.origin);
  for (let from = 0; from < question.streams.length; from += batch) {
    const some = question.streams.slice(from, from + batch);
    open.push(...(await Promise.all(some.map((stream) => connect({ hostname, port: Number(port), host, ...stream })))));
  }
});

async function connect(to: { hostname: string; port: number; host: string; path: string; token: string }) {
  const socket = createConnection(to.port, to.hostname);
  socket.write(
    `GET ${to.path} HTTP/1.1\r\nhost: ${to.host}\r\naccept: text/event-stream\r\nauthorization: Bearer ${to.token}\r\n\r\n`,
  );
  const [first] = await once(socket, 'data');
  if (!String(first).startsWith('HTTP/1.1 200')) throw new Error(String(first).slice(0, 500));
  socket.resume();
  return socket;
}
