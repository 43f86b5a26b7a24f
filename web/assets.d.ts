/** Styles are imported for their effect: the build collects them per entry. */
declare module '*.css';
