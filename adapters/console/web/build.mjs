// Makes ../bundle of what lies here. The hash of the sources stands in the bundle's first line, so that a test can tell
// when the bundle is stale without having Node.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const named = ['build.mjs', 'package-lock.json', 'package.json', 'tsconfig.json'];

function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const hash = createHash('sha256');
for (const path of [...named, ...filesBelow('src')].sort()) {
  hash.update(`${path}\0`);
  hash.update(readFileSync(path));
  hash.update('\0');
}
const sources = `sources ${hash.digest('hex')}`;

const made = await build({
  entryPoints: { console: 'src/main.ts' },
  outdir: '../bundle',
  bundle: true,
  minify: true,
  target: 'es2022',
  format: 'esm',
  charset: 'ascii',
  legalComments: 'inline',
  banner: { js: `/* ${sources} */`, css: `/* ${sources} */` },
  write: false,
});
let bytes = 0;
const outputs = made.outputFiles.map((file) => [file.path.split('/').pop(), file.text]);
outputs.push(['index.html', readFileSync('src/index.html', 'utf8')], ['icon.svg', readFileSync('src/icon.svg', 'utf8')]);
for (const [name, text] of outputs) {
  if (text.includes(')asset"')) throw new Error(`${name} has what ends a raw string of C++`);
  writeFileSync(`../bundle/${name}`, text);
  bytes += gzipSync(text).length;
}
console.log(`${sources}, ${bytes} bytes gzip`);
