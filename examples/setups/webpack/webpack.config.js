import { deco } from 'deco-ts/plugin'

export default {
  mode: 'production',
  target: 'node20',
  entry: './src/main.ts',
  experiments: { outputModule: true },
  output: { module: true, filename: 'main.js' },
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'swc-loader',
        options: {
          jsc: {
            parser: { syntax: 'typescript', decorators: true },
            transform: { decoratorVersion: '2022-03' },
            target: 'es2022',
          },
        },
      },
    ],
  },
  plugins: [deco.webpack()],
}
