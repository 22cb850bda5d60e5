export { type BullmqOptions, bullmq } from './bullmq.js'
export type { QueueOptions } from './queue-options.js'
export { serve } from './serve.js'
export type { HostEvent, HostHandle, ServeOptions } from './serve-options.js'
