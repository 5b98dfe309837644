import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createTar, parseTar } from 'nanotar';
import { checkArchive, packArtifact } from '../../../models/packaging/model-artifact';
import { SPECIALISTS } from '../../../models/catalogue';
import { sha256 } from '../../../models/contract/contract-file';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import { gzipStored } from '../../../models/packaging/gzip';
import {
  copyOf,
  editContract,
  editGolden,
  newFolder,
  removeFolders,
  shipped,
} from '../../support/models/specialist';

afterAll(removeFolders);

describe('the artifact of a specialist', () => {
  it.each(SPECIALISTS)('%s is named by its content', (name) => {
    const artifact = packArtifact(shipped(name));
    expect(artifact.specialist).toBe(name);
    expect(artifact.sha256).toBe(sha256(artifact.bytes));
    expect(artifact.key).toBe(`${name}/${artifact.sha256.slice(0, 16)}.tar.gz`);
  });

  it('holds the three files at its root, as they are, with nothing of the machine in it', () => {
    const { bytes } = packArtifact(shipped('general'));
    const entries = parseTar(new Uint8Array(gunzipSync(bytes)));
    expect(entries.map(({ name }) => name)).toEqual(['golden.json', 'model.json', 'model.onnx']);
    for (const { name, data, attrs } of entries) {
      expect([name, readFileSync(join(shipped('general'), name)).equals(data ?? new Uint8Array())]).toEqual([
        name,
        true,
      ]);
      expect(attrs).toMatchObject({ uid: 0, gid: 0, mtime: 0, user: '', group: '', mode: '0000644' });
    }
  });

  it('has the same bytes whatever the times, modes and other files of the folder', () => {
    const folder = copyOf('ddos');
    chmodSync(join(folder, 'model.json'), 0o600);
    utimesSync(join(folder, 'model.onnx'), 1, 2);
    writeFileSync(join(folder, 'notes.txt'), 'not part of the model');
    expect(packArtifact(folder).sha256).toBe(packArtifact(shipped('ddos')).sha256);
  });

  it('gets another key when the model changes', () => {
    const folder = copyOf('ddos');
    editContract(folder, (model) => {
      model.version = '99.0.1';
    });
    expect(packArtifact(folder).key).not.toBe(packArtifact(shipped('ddos')).key);
  });

  it('is refused for a folder that breaks its contract, or is none of the specialists', () => {
    const folder = copyOf('ddos');
    writeFileSync(join(folder, 'model.onnx'), 'not the model');
    expect(() => packArtifact(folder)).toThrow(/graph\.sha256/);
    const stranger = copyOf('ddos');
    editContract(stranger, (model) => {
      model.name = 'phishing';
    });
    editGolden(stranger, (golden) => {
      golden.model = 'phishing';
    });
    expect(() => packArtifact(stranger)).toThrow(
      'name: given "phishing"; allowed is one of general, ddos, bruteforce, webattacks',
    );
  });

  it('is read back: a cut, a flipped bit, or other files are found', () => {
    const { bytes } = packArtifact(shipped('ddos'));
    const { files } = readSpecialistFolder(shipped('ddos'));
    const check = (archive: Uint8Array, expected = files) =>
      checkArchive('ddos/model.tar.gz', archive, expected);
    expect(() => check(bytes)).not.toThrow();
    expect(() => check(bytes.subarray(0, bytes.length - 1))).toThrow(
      'ddos/model.tar.gz: given "unexpected end of file"; allowed is a whole gzipped tar',
    );
    expect(() => check(bytes.with(700, (bytes[700] ?? 0) ^ 1))).toThrow('incorrect data check');
    const other = { ...files, 'model.json': Buffer.from('{}') };
    expect(() => check(bytes, other)).toThrow(/another model\.json.+as it is in the folder/);
    const none = gzipStored(createTar([{ name: 'model.onnx', data: files['model.onnx'] }]));
    expect(() => check(none)).toThrow(
      /given "model\.onnx"; allowed is golden\.json, model\.json, model\.onnx/,
    );
  });

  it('is what tar unpacks', () => {
    const folder = newFolder();
    const file = join(folder, 'model.tar.gz');
    writeFileSync(file, packArtifact(shipped('webattacks')).bytes);
    execFileSync('tar', ['xzf', basename(file)], { cwd: folder });
    const graph = readFileSync(join(shipped('webattacks'), 'model.onnx'));
    expect(readFileSync(join(folder, 'model.onnx')).equals(graph)).toBe(true);
  });
});

describe('gzip without compression', () => {
  it('has a header without time and operating system', () => {
    expect([...gzipStored(Buffer.from('x')).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it.each([0, 1, 65_535, 65_536, 200_000])('is read back by zlib for %d bytes', (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 7) % 256));
    expect(gunzipSync(gzipStored(bytes)).equals(bytes)).toBe(true);
  });
});
