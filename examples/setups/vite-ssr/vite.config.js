import { deco } from 'deco-ts/plugin'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [deco.vite()] })
