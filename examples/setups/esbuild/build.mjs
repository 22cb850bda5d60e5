import { deco } from 'deco-ts/plugin'
import { build } from 'esbuild'

await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  // A worker loads the class and not the program, so that there must be more than one file.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  sourcemap: true,
  plugins: [deco.esbuild()],
})
