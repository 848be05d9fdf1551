/** SHA-256 as 64 hexadecimal digits. Who has it, Node or the browser, passes it in: the core computes none itself. */
export type Digest = (bytes: Uint8Array) => string;

/** The digest of a text's UTF-8 bytes. */
export const textDigest =
  (digest: Digest) =>
  (text: string): string =>
    digest(new TextEncoder().encode(text));
