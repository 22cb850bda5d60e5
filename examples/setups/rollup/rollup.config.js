import { deco } from 'deco-ts/plugin'

export default {
  input: 'build/main.js',
  output: { dir: 'dist', sourcemap: true },
  external: /^node:/,
  plugins: [deco.rollup()],
}
