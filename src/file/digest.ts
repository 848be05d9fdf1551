/** SHA-256 as 64 hexadecimal digits. The caller supplies SHA-256 (Node or browser). */
export type Digest = (bytes: Uint8Array) => string;

/** The digest of a text's UTF-8 bytes. */
export const textDigest =
  (digest: Digest) =>
  (text: string): string =>
    digest(new TextEncoder().encode(text));
