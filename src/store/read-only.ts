/** Outside a transaction only reads are allowed: a write there would be durable in one store and refused in the other. */
export function checkReadOnly(sql: string): void {
  if (!/^\s*(select|with)\b/i.test(sql))
    throw new Error(`Only reads run outside a transaction: ${sql.trim().slice(0, 60)}`);
}
