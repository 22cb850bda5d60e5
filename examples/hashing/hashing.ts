import { createHash } from 'node:crypto'
import { concurrent, Job, synchronized } from 'deco-ts'

export class Hashing extends Job {
  @concurrent
  digest(data: Uint8Array, from: number, bytes: number): string {
    return digest(data, from, bytes)
  }

  @synchronized
  async digests(data: Uint8Array, calls: number, bytes: number): Promise<string[]> {
    return Array.from({ length: calls }, (_, call) => this.digest(data, call, bytes))
  }
}

export function digest(data: Uint8Array, from: number, bytes: number): string {
  return createHash('sha256')
    .update(data.subarray(from, from + bytes))
    .digest('base64')
}
