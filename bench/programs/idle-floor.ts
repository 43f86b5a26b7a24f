/** The least server-sent events: node:http, headers, one line, and then nothing. */
import { createServer } from 'node:http';
import { answerQuestions } from '../process.ts';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
});

server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${Object(server.address()).port}`;
  answerQuestions(async (question: { do: 'where' | 'memory' }) => {
    if (question.do === 'where') return { origin };
    globalThis.gc?.();
    return process.memoryUsage().rss;
  });
});
