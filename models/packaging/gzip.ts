import { crc32 } from 'node:zlib';

/** RFC 1952: magic, deflate, no flags, no time, no extra flags, operating system "unknown". */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** RFC 1951: the longest stored block. */
const BLOCK = 0xffff;

function storedBlock(bytes: Uint8Array, last: boolean): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(last ? 1 : 0, 0);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

/**
 * Wraps bytes as a gzip file without compressing them.
 *
 * The result depends on the input alone. What zlib compresses does not: its match finder differs between
 * processors and Node versions, so the same model would get another hash, and a needless redeploy, on
 * another machine. Models are small and hardly compressible, so nothing is lost.
 */
export function gzipStored(bytes: Uint8Array): Buffer {
  const blocks: Buffer[] = [];
  let from = 0;
  do {
    const to = Math.min(from + BLOCK, bytes.length);
    blocks.push(storedBlock(bytes.subarray(from, to), to === bytes.length));
    from = to;
  } while (from < bytes.length);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...blocks, trailer]);
}
