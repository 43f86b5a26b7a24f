/** The Chromium that the tests drive: the machine's own, else the one Playwright downloaded; undefined if there is none. */
export function findBrowser(): Promise<string | undefined>;
