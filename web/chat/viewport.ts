/** Keeps `--screen` at the height that the on-screen keyboard leaves, where the browser does not do it by itself. */
export function followKeyboard(): void {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const follow = () => {
    document.documentElement.style.setProperty('--screen', `${visualViewport.height}px`);
    // iOS scrolls the page under the keyboard; the chat has its own scroller.
    window.scrollTo(0, 0);
  };
  visualViewport.addEventListener('resize', follow);
  visualViewport.addEventListener('scroll', follow);
  follow();
}
