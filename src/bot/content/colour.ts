const colour = /^(?:#[0-9a-f]{3,8}|[a-z]{3,30}|(?:rgb|hsl)a?\([0-9.,%\s/]{1,60}\))$/i;

/** Whether a text is a colour that can stand in a page's style: no function but `rgb` and `hsl`, no URL. */
export function isColour(value: unknown): value is string {
  return typeof value === 'string' && colour.test(value);
}
