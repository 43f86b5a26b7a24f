import { render } from 'preact';
import '../theme.css';
import './start.css';
import { systemClock } from '../../src/world/world.ts';
import { followKeyboard } from '../chat/viewport.ts';
import { createDemoApi } from './demo-api.ts';
import { StartPage } from './start-page.tsx';
import { createTraceFeed } from './trace-feed.ts';

const app = document.getElementById('app');
if (app) {
  const api = createDemoApi((path, init) => fetch(path, init));
  followKeyboard();
  render(
    <StartPage
      api={api}
      feed={createTraceFeed({ api, clock: systemClock })}
      locale={app.dataset['locale'] || navigator.language}
    />,
    app,
  );
}
