/** A brand that answers at once: authorization and token endpoints, and an API with one order. */
import { createServer } from 'node:http';
import { answerQuestions } from '../process.ts';

let tokenRequests = 0;
const order = JSON.stringify({ status: 'on its way' });

function tokens(): string {
  tokenRequests += 1;
  return JSON.stringify({
    access_token: `access-${tokenRequests}-${'x'.repeat(40)}`,
    refresh_token: `refresh-${tokenRequests}-${'x'.repeat(40)}`,
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'orders',
  });
}

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const body = request.method === 'POST' && request.url === '/token' ? tokens() : order;
    response.setHeader('content-type', 'application/json').end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${Object(server.address()).port}`;
  answerQuestions(async () => ({ origin, tokenRequests }));
});
