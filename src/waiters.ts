/** Those who wait for something to happen. */
export class Waiters {
  #resumes: (() => void)[] = []

  /** Whether there are any. */
  get any(): boolean {
    return this.#resumes.length > 0
  }

  /** Resolves at the next `wake`. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#resumes.push(resolve))
  }

  /** It has happened. */
  wake(): void {
    const resumes = this.#resumes
    this.#resumes = []
    for (const resume of resumes) resume()
  }
}
