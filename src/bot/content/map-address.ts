/** A place on a map that anybody may look at without an account. */
export function mapAddress(la: number, lo: number): string {
  return `https://www.openstreetmap.org/?mlat=${la}&mlon=${lo}#map=15/${la}/${lo}`;
}
