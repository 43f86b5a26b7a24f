import { render } from 'preact';
import '../theme.css';
import './page.css';
import { Chat } from './chat.tsx';
import { createPageClient } from './page-client.ts';
import { followKeyboard } from './viewport.ts';

const app = document.getElementById('app');
if (app) {
  const { botId = '', botName = '', locale = '' } = app.dataset;
  const spoken = locale || navigator.language;
  const client = createPageClient(botId, spoken);
  followKeyboard();
  render(<Chat client={client} botName={botName} locale={spoken} />, app);
}
