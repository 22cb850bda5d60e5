import { serializable } from 'deco-ts'

@serializable
export class Body {
  constructor(
    readonly mass: number,
    public x: number,
    public y: number,
    public velocityX: number,
    public velocityY: number,
  ) {}

  /** This body after `dt`, moved in small steps while the others stand still. */
  advanced(bodies: Iterable<Body>, dt: number, steps = 100): Body {
    const others = [...bodies].filter((body) => body !== this)
    const body = new Body(this.mass, this.x, this.y, this.velocityX, this.velocityY)
    for (let step = 0; step < steps; step++) body.fall(others, dt / steps)
    return body
  }

  fall(others: readonly Body[], dt: number): void {
    for (const other of others) {
      const distance = this.distance(other)
      const pull = (other.mass / distance ** 3) * dt
      this.velocityX += (other.x - this.x) * pull
      this.velocityY += (other.y - this.y) * pull
    }
    this.x += this.velocityX * dt
    this.y += this.velocityY * dt
  }

  distance(other: Body): number {
    return Math.sqrt((other.x - this.x) ** 2 + (other.y - this.y) ** 2)
  }
}
