/** Collects the pieces of an answer in one growing buffer: a million one-byte pieces must cost a megabyte, not a hundred (SS-09). */
export interface ByteSink {
  /** False when the piece does not fit within the limit; it is not taken then. */
  take(piece: Uint8Array): boolean;
  bytes(): Uint8Array;
}

export function createByteSink(limit: number): ByteSink {
  let room = new Uint8Array(Math.min(limit, 4_096));
  let length = 0;
  return {
    take(piece) {
      const needed = length + piece.length;
      if (needed > limit) return false;
      if (needed > room.length) {
        const larger = new Uint8Array(Math.min(limit, Math.max(needed, room.length * 2)));
        larger.set(room.subarray(0, length));
        room = larger;
      }
      room.set(piece, length);
      length = needed;
      return true;
    },
    bytes: () => room.subarray(0, length),
  };
}
