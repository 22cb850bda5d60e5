import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { concurrent, Job, synchronized } from 'deco-ts'

export class Archive extends Job {
  @concurrent
  compress(file: string): void {
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)))
  }

  /** Returns the bytes that the compressed files take. */
  @synchronized
  async compressAll(files: readonly string[]): Promise<number> {
    for (const file of files) this.compress(file)
    await this.wait()
    return files.reduce((bytes, file) => bytes + statSync(`${file}.br`).size, 0)
  }
}
